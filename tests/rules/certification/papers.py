"""Certificates of invented people, and the independent judges that look at them."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from courses.authoring.course import CertificateKind
from courses.certification.document import CertificateContent, ModuleHours
from courses.certification.keys import KeyOwner

SIGNED_AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OWNER = KeyOwner("Bina BKPSDM Kota Mataram (tidak tersertifikasi)", "BKPSDM Kota Mataram")
CODE = "k7Qm2vXnB4tZ9sWcR1yHfA"
MODULES = (
    ModuleHours("Mengapa setiap ASN terus belajar", Decimal("1.5")),
    ModuleHours("Merencanakan pengembangan kompetensi", Decimal("2.25")),
    ModuleHours("Mencatat jam pelajaran", Decimal("1.25")),
)


def certificate(**changed: Any) -> CertificateContent:
    """Baiq Nurul Aini's certificate, with what the test is about changed."""
    usual: dict[str, Any] = {
        "institution": "Pemerintah Kota Mataram",
        "issuer": "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        "emblem": "M",
        "number": "800.2.3/00042/BKPSDM/XI/2026",
        "kind": CertificateKind.PASSED,
        "name": "Baiq Nurul Aini, S.Pd., M.Pd.",
        "nip": "198704122011012003",
        "rank": "Penata Tk. I",
        "grade": "III/d",
        "position": "Guru Ahli Muda",
        "unit": "Dinas Pendidikan",
        "title": "Manajemen pendidikan dan pengelolaan sumber daya sekolah",
        "hours": Decimal(5),
        "begun_on": date(2026, 11, 9),
        "completed_on": date(2026, 11, 24),
        "issued_on": date(2026, 11, 24),
        "city": "Mataram",
        "signer_name": "Drs. H. Lalu Wirajaya, M.Si.",
        "signer_nip": "197001011995031001",
        "signer_position": "Kepala BKPSDM Kota Mataram",
        "verify_address": f"https://bina.mataramkota.example/verify/{CODE}",
        "provider": "BKPSDM Kota Mataram",
        "modules": MODULES,
    }
    return CertificateContent(**(usual | changed))


def corpus(name: str) -> list[str]:
    """The strings of an outside corpus; skips the test, loudly, where the corpora are not at hand."""
    folder = os.environ.get("BINA_CORPORA")
    path = Path(folder or "nowhere") / "open" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"outside corpus {name} is not at hand: set BINA_CORPORA")
    strings: list[str] = json.loads(path.read_text("utf-8"))
    return strings


def dose(*, quick: int, full: int) -> int:
    """How many tries: the stated figure when BINA_DOSE is full."""
    return full if os.environ.get("BINA_DOSE") == "full" else quick


def judged_by(tool: str, *arguments: str, pdf: bytes, folder: Path) -> str:
    """What a poppler tool says of a document; skips the test, loudly, where it is not installed."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} (poppler-utils) is not installed: no independent judge")
    path = folder / "judged.pdf"
    path.write_bytes(pdf)
    command = [tool, *arguments, str(path), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def text_of(pdf: bytes, folder: Path, *, page: int | None = None) -> str:
    """The words of a document in their own order, every run of white space as one space."""
    pages = ("-f", str(page), "-l", str(page)) if page else ()
    words = judged_by("pdftotext", "-raw", *pages, pdf=pdf, folder=folder)
    return " ".join(words.replace("\u200b", "").split())


def squeezed(text: str) -> str:
    """A text without white space: where lines break is the page's business."""
    return re.sub(r"[\s\u200b]", "", text)


@dataclass(frozen=True)
class Word:
    """Where a word stands, in points from the upper left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(pdf: bytes, folder: Path) -> Iterator[Word]:
    """Every word of a document with its place."""
    found = judged_by("pdftotext", "-bbox", pdf=pdf, folder=folder)
    page = 0
    for line in found.splitlines():
        page += "<page " in line
        box = re.search(
            r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>', line
        )
        if box:
            left, top, right, bottom = (float(number) for number in box.groups()[:4])
            yield Word(page, box[5], left, top, right, bottom)
