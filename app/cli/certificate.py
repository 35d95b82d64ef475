"""`flask certificate issue | revoke | verify`: the register from the terminal."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.cli.edge import answer, as_json, attempt, refuse, writing
from app.extensions import db
from app.issuer import issuer
from app.services import services
from courses import audit
from courses.certification import issuing, register
from courses.certification.inspection import examine, status_without_register
from courses.certification.keys import NoSigningKey, SigningKeyUnusable, load_signing_key
from courses.certification.models import Certificate
from courses.certification.register import CertificateNotFound, Status, Verification
from courses.errors import NotFound, Refusal


class FileUnreadable(NotFound):
    """The file cannot be read."""


@click.group()
def certificate() -> None:
    """Issue, revoke and verify certificates."""


@certificate.command()
@click.argument("award", type=int)
@as_json
def issue(award: int, machine: bool) -> None:
    """Approve the award with that id; the worker signs it."""

    def act() -> str:
        with writing() as session:
            certificate_id = issuing.approve(session, award, issuer(), by=audit.SYSTEM)
            return session.get_one(Certificate, certificate_id).number

    number = attempt(act, machine=machine)
    answer({"award": award, "number": number}, f"numbered {number}; being signed", machine=machine)


@certificate.command()
@click.argument("number")
@click.option("--reason", required=True, help="Everyone who checks the certificate reads it.")
@as_json
def revoke(number: str, reason: str, machine: bool) -> None:
    """Revoke the certificate with that number."""

    def act() -> None:
        with writing() as session:
            found = session.scalar(select(Certificate.id).where(Certificate.number == number))
            if found is None:
                raise CertificateNotFound(number=number)
            register.revoke(session, found, reason, by=audit.SYSTEM)

    attempt(act, machine=machine)
    answer({"number": number, "status": "revoked"}, f"revoked {number}", machine=machine)


@certificate.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def verify(file: Path, machine: bool) -> None:
    """Verify a PDF. Exit code 0 only if it is valid; without the register nothing is."""
    try:
        found = _verified(file)
    except Refusal as refusal:
        if machine:
            answer({"status": Status.UNKNOWN.value, "error": refusal.code}, "", machine=True)
            sys.exit(2)
        refuse(refusal, machine=False)
    value = _value(found)
    lines = [f"{name}: {said}" for name, said in value.items() if said]
    answer(value, "\n".join(lines), machine=machine)
    sys.exit(0 if found.status is Status.VALID else 1)


def _verified(file: Path) -> Verification:
    try:
        pdf = file.read_bytes()
    except OSError as why:
        raise FileUnreadable(path=str(file), why=why.strerror) from why
    with suppress(SQLAlchemyError):
        return register.verify_file(db.session(), pdf)
    # No register: what the signature proves by the key at hand, which is never that the certificate holds.
    status = status_without_register(examine(pdf, known=_own_key()))
    return Verification(Status(status.value))


def _own_key() -> Mapping[str, x509.Certificate]:
    try:
        key = load_signing_key(services().keys)
    except (NoSigningKey, SigningKeyUnusable):
        return {}
    return {key.fingerprint: key.certificate}


def _value(found: Verification) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "number": found.number,
        "name": found.name,
        "nip": found.masked_nip,
        "title": found.title,
        "hours": str(found.hours) if found.hours is not None else None,
        "issued_on": found.issued_on.isoformat() if found.issued_on else None,
        "issuer": found.issuer,
        "revoked_at": found.revoked_at.isoformat() if found.revoked_at else None,
        "reason": found.reason,
    }
