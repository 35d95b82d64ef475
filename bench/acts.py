"""Single acts that no reader waits for, timed one by one: a certificate, a lesson published, a start."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.services import services
from bench.doses import Dose
from bench.serving import BINA, served
from bench.town import Town, settings_of, writing
from courses.authoring.rendering import KEEPER
from courses.authoring.source import Source
from courses.catalogue.publishing import prepare, publish
from courses.certification.document import CertificateContent, typeset
from courses.certification.models import Certificate
from courses.certification.signing import LocalSigner

RUN = ("./run",)
COURSE = b"""---
title: Kursus takaran
summary: Untuk mengukur penerbitan.
lang: id
hours: 1
kind: teknis
certificate: {kind: keikutsertaan, issue: automatic}
---

Satu bacaan.
"""
LESSON = "---\ntitle: Bacaan takaran\n---\n\nSunting ke-{number}.\n\n"
SECTION = """## Bagian {part}

Surat yang masuk *dicatat* pada hari itu juga, **sebelum** disampaikan kepada yang menangani. Catatan
yang rapi menghemat waktu semua orang: tidak ada yang perlu bertanya dua kali, dan tidak ada berkas yang
hilang di meja.[^{part}]

- Tanggal terima, nomor, dan asal surat
- Perihal dalam satu kalimat, memakai kata `kunci` yang sama
- Siapa yang menangani, dan paling lambat kapan

| Unit | Surat | Selesai |
| --- | ---: | ---: |
| Kecamatan | {part}1 | 9 |
| Puskesmas | {part}4 | 12 |

> Layanan yang baik terlihat dari yang **tidak** perlu ditanyakan lagi oleh warga.

Bila ada yang belum jelas, tanyakan hari itu juga; jawaban esok hari sering kali sudah
terlambat bagi yang menunggu.

[^{part}]: Pedoman tata naskah, bagian {part}.

"""
SIZE = 12_000


@dataclass
class Act:
    """How long an act took: milliseconds by the clock, and of CPU where it was in this process alone."""

    name: str
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """Milliseconds by the clock, the median."""
        return statistics.median(self.wall_ms)

    @property
    def cpu(self) -> float | None:
        """CPU milliseconds, the median."""
        return statistics.median(self.cpu_ms) if self.cpu_ms else None


def certificate(town: Town, times: int) -> Act:
    """Set and sign a certificate, with the key loaded and the typesetter warm, as a worker does."""
    with create_app(town.settings).app_context():
        row = db.session.execute(select(Certificate.content, Certificate.numbered_at).limit(1)).one()
        content, signer = CertificateContent.from_json(row.content), LocalSigner(services().signing_key)
        db.session.remove()

    def make() -> None:
        signer.sign(typeset(content), reason=content.number, at=datetime.now(UTC))

    make()
    return _timed(Act("certificate"), make, times, cpu=True)


def publishing(town: Town, dose: Dose) -> Iterator[Act]:
    """Publish a lesson of 12 KB, each time with another text: with the child warm, and with none yet."""
    sources = map(_source, count(1))

    def once() -> None:
        prepared = prepare(next(sources), services().objects)
        with writing() as session:
            assert publish(session, prepared).fresh

    with create_app(town.settings).app_context():
        once()
        yield _timed(Act("publishing, warm"), once, dose.acts, cpu=False)
        yield _timed(Act("publishing, cold"), once, dose.starts, cpu=False, before=KEEPER.close)
        KEEPER.close()
        db.session.remove()


def starting(town: Town, dose: Dose) -> Iterator[Act]:
    """Start until /healthz answers 200: the web server over prepared data, and `./run` a second time."""
    for name, command in (("start, web server", BINA), ("start, ./run", RUN)):
        act = Act(name)
        for _ in range(dose.starts + 1):
            with served(command, settings_of(town)) as server:
                act.wall_ms.append(1000 * server.seconds_to_answer)
        del act.wall_ms[0]  # the first one reads the disk
        yield act


def _source(number: int) -> Source:
    text = LESSON.format(number=number)
    for part in count(1):
        if len(text) >= SIZE:
            break
        text += SECTION.format(part=part)
    return Source("takaran", {"course.md": COURSE, "01-bacaan.md": text[:-1].encode()})


def _timed(
    act: Act, do: Callable[[], None], times: int, *, cpu: bool, before: Callable[[], None] = lambda: None
) -> Act:
    for _ in range(times):
        before()
        wall, used = time.perf_counter(), time.process_time()
        do()
        act.wall_ms.append(1000 * (time.perf_counter() - wall))
        if cpu:
            act.cpu_ms.append(1000 * (time.process_time() - used))
    return act
