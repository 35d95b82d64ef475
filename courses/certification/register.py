"""The register: what a stranger may know of a certificate, by its code or by its file, never by a person.

Whatever is not in the register gets one answer. What is not signed yet is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cryptography import x509
from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from courses import audit, clock, randomness
from courses.asking import Asked, Asker
from courses.certification import inspection
from courses.certification.document import CertificateContent
from courses.certification.inspection import Examination, examine
from courses.certification.keys import read_certificate
from courses.certification.models import Certificate, SigningKeyRow
from courses.errors import Conflict, NotFound
from courses.people.nip import masked


class CertificateNotFound(NotFound):
    """There is no such certificate, or it is somebody else's."""


class NotRevocable(Conflict):
    """The certificate is not in force."""


class Status(StrEnum):
    """What is known of what was shown."""

    VALID = "valid"
    REVOKED = "revoked"
    TAMPERED = "tampered"
    UNKNOWN = "unknown"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to a stranger. Without a certificate in the register, only the status."""

    status: Status
    name: str = ""
    masked_nip: str = ""
    title: str = ""
    hours: Decimal | None = None
    number: str = ""
    kind: str = ""
    issued_on: date | None = None
    issuer: str = ""
    signature_label: str = ""
    revoked_at: datetime | None = None
    reason: str = ""


UNKNOWN = Verification(Status.UNKNOWN)
CODE_LENGTH = 26
_ALIKE = str.maketrans("oil", "011")


_PAPER = Certificate.__table__.c
_BY_CODE = Asked(
    select(_PAPER.content, _PAPER.state, _PAPER.revoked_at, _PAPER.revoked_why).where(
        _PAPER.code == bindparam("code"), or_(_PAPER.state == "issued", _PAPER.state == "revoked")
    )
)


def verify_code(session: Asker, code: str) -> Verification:
    """Answer for a code; one answer for every code that is not in the register."""
    wanted = read_code(code)
    if not wanted:
        return UNKNOWN
    found = _BY_CODE.first(session, code=wanted)
    return UNKNOWN if found is None else _answer(*found)


def read_code(written: str) -> str:
    """A code as people copy it: case, spaces and hyphens do not matter, O is 0, I and L are 1; "" if none."""
    text = written.strip().lower().replace(" ", "").replace("-", "").translate(_ALIKE)
    return text if len(text) == CODE_LENGTH and set(text) <= set(randomness.READABLE) else ""


def verify_file(session: Session, pdf: bytes) -> Verification:
    """Answer for a file: the register by the hash of its bytes, else what its signature proves.

    Raises:
        PdfTooLarge: it is larger than any certificate.
    """
    examination = examine(pdf, known=known_keys(session))
    found = session.scalars(select(Certificate).where(Certificate.pdf_sha256 == examination.sha256)).first()
    if found is not None and examination.authentic:
        return _answer(found.content, found.state, found.revoked_at, found.revoked_why)
    return replace(UNKNOWN, status=_without_register(examination))


def known_keys(session: Session) -> Mapping[str, x509.Certificate]:
    """Every key that signs or signed, by fingerprint."""
    rows = session.execute(select(SigningKeyRow.fingerprint, SigningKeyRow.certificate_pem))
    return {fingerprint: read_certificate(pem) for fingerprint, pem in rows}


def revoke(session: Session, certificate_id: int, reason: str, *, by: int) -> None:
    """Take a certificate back, at once, with a reason that everyone who checks it reads.

    Raises:
        CertificateNotFound: there is no such certificate.
        NotRevocable: it is not in force.
    """
    # Held: one that is being issued at this moment is revoked after it, not refused for not being issued.
    if session.get(Certificate, certificate_id, with_for_update=True) is None:
        raise CertificateNotFound(certificate=certificate_id)
    revoked = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == "issued")
        .values(state="revoked", revoked_at=clock.now(), revoked_by=by or None, revoked_why=reason)
    )
    if not getattr(revoked, "rowcount", 0):
        raise NotRevocable(certificate=certificate_id)
    audit.record(session, "certificate.revoke", ("certificate", certificate_id), actor_id=by, reason=reason)


def document_of(session: Session, code: str, person_id: int | None) -> tuple[str, str]:
    """The object and the number of an issued document.

    Args:
        session: for reading.
        code: of the certificate.
        person_id: its holder; None for an admin, who may fetch any.

    Raises:
        CertificateNotFound: no such document for this person.
    """
    query = select(Certificate.pdf_sha256, Certificate.number).where(
        Certificate.code == read_code(code), Certificate.pdf_sha256.is_not(None)
    )
    if person_id is not None:
        query = query.where(Certificate.person_id == person_id)
    row = session.execute(query).first()
    if row is None or row[0] is None:
        raise CertificateNotFound
    return row[0], row[1]


def _without_register(examination: Examination) -> Status:
    # A genuine signature over a file the register does not have: the register is older than the file.
    return Status(inspection.status_without_register(examination).value)


def _answer(
    frozen: Mapping[str, Any], state: str, revoked_at: datetime | None, why: str | None
) -> Verification:
    content = CertificateContent.from_json(frozen)
    return Verification(
        status=Status.REVOKED if state == "revoked" else Status.VALID,
        name=content.name,
        masked_nip=masked(content.nip),
        title=content.title,
        hours=content.hours,
        number=content.number,
        kind=content.kind.value,
        issued_on=content.issued_on,
        issuer=content.issuer,
        signature_label=content.signature_label,
        revoked_at=revoked_at,
        reason=why or "",
    )
