"""The answer key never leaves the server before submission.

With clock and chance pinned, two courses that differ only in which answers are right serve identical bytes,
on every address a learner can reach. And no canary planted in a key is in any of these bytes.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
import time_machine
from sqlalchemy import text

from app.extensions import db
from courses import clock, randomness
from courses.catalogue.editions import forget
from tests.conftest import _empty
from tests.people import fields, make, sign_in
from tests.publishing import publish_folder, sample_course, with_files

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CANARIES = ("KENARISATU", "KENARIDUA", "KENARITIGA", "KENARIEMPAT", "7373.5")

HEAD = """---
title: Ujian akhir
graded: true
attempts: 3
shuffle: [questions, choices]
from: [bank/arsip]
draw: 2
---

"""
OWN = """## Mana yang benar? {#mana}

- (%s) Pertama
  > KENARISATU
- (%s) Kedua
  > KENARIDUA

> [!EXPLANATION]
> KENARITIGA

## Tulis kata sandinya. {#sandi}

= %s

> [!EXPLANATION]
> KENARIEMPAT

## Berapa? {#berapa}

= %s
"""
BANK = """---
title: Bank
---

## Pilih semua. {#semua}

- [%s] Merah
- [%s] Putih
- [%s] Hijau

> [!EXPLANATION]
> KENARITIGA

## Lagi, pilih semua. {#lagi}

- [%s 60%%] Merah
- [%s 40%%] Putih
- [%s] Hijau
"""
FIRST = {
    "90-ujian.quiz.md": HEAD + OWN % ("x", " ", "KENARIEMPAT", "7373.5"),
    "bank/arsip.quiz.md": BANK % ("x", "x", " ", "x", "x", " "),
}
SECOND = {
    "90-ujian.quiz.md": HEAD + OWN % (" ", "x", "apa saja", "12"),
    "bank/arsip.quiz.md": BANK % (" ", " ", "x", "x", "x", " "),
}


def test_courses_that_differ_in_the_key_serve_identical_bytes(app):
    _start_anew()
    first = list(_crawl(app, FIRST))
    _start_anew()
    second = list(_crawl(app, SECOND))
    assert [address for address, _ in first] == [address for address, _ in second]
    for (address, one), (_, other) in zip(first, second, strict=True):
        assert one == other, address


def test_courses_that_differ_in_what_is_shown_do_not(app):
    _start_anew()
    first = dict(_crawl(app, FIRST))
    _start_anew()
    shown = {**FIRST, "90-ujian.quiz.md": FIRST["90-ujian.quiz.md"].replace("Pertama", "Kesatu")}
    assert first != dict(_crawl(app, shown))


def test_no_canary_of_a_key_is_served_before_submission(app):
    seen = dict(_crawl(app, FIRST))
    assert any(b"Pertama" in content for content in seen.values())
    for address, content in seen.items():
        for canary in CANARIES:
            assert canary.encode() not in content, (address, canary)


def test_after_submission_the_same_canaries_are_found(app):
    """The search above is not blind: what the key holds does come, when `show` allows it."""
    shown = FIRST["90-ujian.quiz.md"].replace("draw: 2", "draw: 2\nshow: {score: now, answers: now}")
    with _pinned():
        client = _learner(app, {**FIRST, "90-ujian.quiz.md": shown})
        page = client.get("/learn/contoh/quiz/ujian/attempt").text
        client.post("/learn/contoh/quiz/ujian/attempt", data={**fields(page), "action": "submit"})
        result = client.get("/learn/contoh/quiz/ujian/result/1").text
    assert "KENARISATU" in result
    assert "KENARIEMPAT" in result


@pytest.mark.parametrize(
    "path", ["90-ujian.quiz.md", "bank/arsip.quiz.md", "course.md", "01-awal/01-arsip.md"]
)
def test_the_source_has_no_address(app, path):
    with _pinned():
        client = _learner(app, FIRST)
        for address in (f"/courses/contoh/{path}", f"/learn/contoh/{path}", f"/media/{path}", f"/{path}"):
            assert client.get(address).status_code in {303, 404}


def test_sources_in_the_object_store_are_not_media(app):
    from app.services import services
    from courses.catalogue.models import Edition

    with _pinned():
        client = _learner(app, FIRST)
        manifest = db.session.query(Edition.manifest).scalar()
        for path, sha256 in manifest.items():
            assert services().objects.get(sha256)
            expected = 200 if path.startswith("media/") else 404
            assert client.get(f"/media/{sha256}/x").status_code == expected, path


def _crawl(app, files) -> Iterator[tuple[str, bytes]]:
    """Every address a learner reaches before submitting, with status, headers and body."""
    with _pinned():
        client = _learner(app, files)
        queue, seen = ["/", "/courses/", "/courses/contoh", "/learn/contoh/quiz/ujian/attempt"], set()
        while queue:
            address = queue.pop(0)
            if address in seen:
                continue
            seen.add(address)
            answer = client.get(address)
            yield address, _bytes(answer)
            if answer.mimetype == "text/html":
                queue += [
                    found
                    for found in re.findall(r'(?:href|src)="(/[^"#]*)', answer.text)
                    if "/static/" not in found
                ]
        page = client.get("/learn/contoh/quiz/ujian/attempt").text
        form = {**fields(page), "action": "save", "q-1": "1"}
        tokens = re.findall(r'name="(q-\d+)" value="([^"]+)"', page)
        form |= dict(tokens)
        saved = client.post(
            "/learn/contoh/quiz/ujian/attempt", data=form, headers={"Accept": "application/json"}
        )
        yield "save", _bytes(saved)


def _learner(app, files):
    """A learner who has come to an open attempt at the exam, in a course of these files."""
    opened = {
        "course.md": (sample_course().files["course.md"].decode()).replace(
            "order: sequential", "order: free"
        ),
        **files,
    }
    publish_folder(with_files(sample_course(), opened))
    who = make("Baiq Nurul Aini", nip="198704122011012003", email="nurul@example.id")
    client = sign_in(app.test_client(), who)
    client.environ_base["HTTP_X_REQUEST_ID"] = "the-same-for-both"
    client.post("/learn/contoh/enrol", data=fields(client.get("/courses/contoh").text))
    client.post("/learn/contoh/quiz/ujian/start", data=fields(client.get("/learn/contoh/quiz/ujian").text))
    return client


def _pinned():
    from contextlib import ExitStack

    stack = ExitStack()
    stack.enter_context(time_machine.travel(NOON, tick=False))
    stack.enter_context(clock.pinned(NOON))
    stack.enter_context(randomness.seeded(7))
    stack.enter_context(patch("flask_wtf.csrf.os.urandom", lambda size: b"7" * size))
    return stack


def _bytes(answer) -> bytes:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return f"{answer.status_code}\n{headers}\n\n".encode() + answer.data


def _start_anew() -> None:
    """Empty tables, and ids that begin at 1 again on both engines: they are part of what is signed."""
    db.session.rollback()
    db.session.remove()
    _empty()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            for name in connection.execute(
                text("SELECT relname FROM pg_class WHERE relkind = 'S'")
            ).scalars():
                connection.execute(text(f'ALTER SEQUENCE "{name}" RESTART'))
    forget()
