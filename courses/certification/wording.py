"""The words on a certificate, in the Indonesian of official papers; where they stand is the template's.

A certificate is an Indonesian document whatever language its reader has chosen, so these do not go through
translation; nor do they change for one that has been issued, since the signed bytes are what is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from courses.authoring.course import CertificateKind

if TYPE_CHECKING:
    from courses.certification.document import CertificateContent

UNCERTIFIED = "Ditandatangani secara elektronik (tidak tersertifikasi)."

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_HEADING = {
    CertificateKind.PASSED: "SERTIFIKAT KELULUSAN",
    CertificateKind.ATTENDED: "SERTIFIKAT KEIKUTSERTAAN",
}
_ACHIEVEMENT = {
    CertificateKind.PASSED: "telah mengikuti dan dinyatakan lulus pelatihan",
    CertificateKind.ATTENDED: "telah mengikuti pelatihan",
}


def day(when: date) -> str:
    """Return `24 November 2026`."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def period(begun: date, completed: date) -> str:
    """Return `9 sampai 24 November 2026`, saying month and year twice only where they differ."""
    if begun == completed:
        return day(completed)
    if (begun.year, begun.month) == (completed.year, completed.month):
        return f"{begun.day} sampai {day(completed)}"
    if begun.year == completed.year:
        return f"{begun.day} {MONTHS[begun.month - 1]} sampai {day(completed)}"
    return f"{day(begun)} sampai {day(completed)}"


def amount(hours: Decimal) -> str:
    """Return learning hours as Indonesians write numbers: `5`, `0,75`, `1.250`."""
    plain = f"{hours:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate({ord(","): ".", ord("."): ","})


def nip_in_groups(nip: str) -> str:
    """Return 18 digits as `19870412 201101 2 003`; anything else as it came."""
    digits = "".join(nip.split())
    if len(digits) != 18 or not digits.isdigit():
        return nip
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def words(content: "CertificateContent") -> dict[str, str]:
    """Return every sentence and line that the template shows, by the name it knows them by."""
    kind = _HEADING[content.kind]
    place = check_place(content.verify_address)
    during = period(content.begun_on, content.completed_on)
    return {
        "document_title": f"{kind.title()} {content.number}: {content.title} ({content.name})",
        "heading": kind,
        "given_to": "diberikan kepada",
        "achievement": _ACHIEVEMENT[content.kind],
        "hours_before": "sebanyak ",
        "hours": f"{amount(content.hours)} jam pelajaran (JP)",
        "hours_after": f", pada {during}, secara daring melalui Bina.",
        "organised": _organised(content.provider, content.partners),
        "place_and_day": ", ".join(filter(None, (content.city, day(content.issued_on)))),
        "how_to_check": f"Periksa keasliannya dengan memindai kode, atau unggah berkas ini di {place}.",
        "code_line": f"Kode {content.verify_address.rpartition('/')[2]}",
        "qr_alt": f"Kode QR menuju {content.verify_address}",
        "verify_line": f"Periksa di {place}",
        "appendix_heading": "MATA PELATIHAN",
        "total_label": "Jumlah",
        "total": amount(content.hours),
    }


def identity(content: "CertificateContent") -> Iterator[tuple[str, str]]:
    """Return what a reviewer looks for beside the name, captioned; what a person lacks is left out."""
    standing = ", ".join(filter(None, (content.rank, content.grade)))
    caption = (
        "Pangkat, golongan" if content.rank and content.grade else "Pangkat" if content.rank else "Golongan"
    )
    for name, value in (
        ("NIP", nip_in_groups(content.nip)),
        (caption, standing),
        ("Jabatan", content.position),
        ("Unit kerja", content.unit),
    ):
        if value.strip():
            yield name, value


def check_place(address: str) -> str:
    """Return where certificates are checked, `bina.example.go.id/verify`, from the address of one of them."""
    parts = urlsplit(address)
    return parts.netloc + parts.path.rpartition("/")[0]


def _organised(provider: str, partners: Sequence[str]) -> str:
    by = f" oleh {provider}" if provider else ""
    beside = f" bersama {_and(partners)}" if partners else ""
    return f"Diselenggarakan{by}{beside}." if by or beside else ""


def _and(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " dan ".join(names)
    return ", ".join(names[:-1]) + f", dan {names[-1]}"
