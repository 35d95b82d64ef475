"""What a stranger is told, and what the trail says of a certificate: what tests of the register share."""

from sqlalchemy.orm import Session

from app.extensions import db
from courses import audit
from courses.certification.register import (
    Verification,
    verify_code,
    verify_file,
)


def by_code(code: str) -> Verification:
    with Session(db.engine) as session:
        return verify_code(session, code)


def by_file(pdf: bytes) -> Verification:
    with Session(db.engine) as session:
        return verify_file(session, pdf)


def acts(certificate_id: int) -> list[str]:
    with Session(db.engine) as session:
        return [entry.act for entry in audit.entries_about(session, ("certificate", certificate_id))]
