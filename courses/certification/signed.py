"""From numbered to issued: set the page and sign it outside every transaction, then store and say so.

Safe to repeat: the same content, key and moment give the same bytes, and only a certificate in signing
becomes issued.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses import audit, clock
from courses.certification.document import CertificateContent, typeset
from courses.certification.keys import SigningKey
from courses.certification.models import Certificate, SigningKeyRow
from courses.database import insert_if_absent
from courses.storage import ObjectStore

if TYPE_CHECKING:
    from courses.certification.signing import Signer


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A signed document in the object store, and the key that signed it."""

    sha256: str
    key: SigningKey


def make_document(
    session: Session, certificate_id: int, tools: "tuple[Signer, SigningKey, ObjectStore]"
) -> SignedDocument | None:
    """Set, sign and store the document of a certificate that waits for it; None when it does not.

    Call outside a writing transaction: this is the slow part.
    """
    signer, key, objects = tools
    row = session.execute(
        select(Certificate.content, Certificate.numbered_at).where(
            Certificate.id == certificate_id, Certificate.state == "signing"
        )
    ).first()
    session.rollback()
    if row is None:
        return None
    content = CertificateContent.from_json(row.content)
    reason = f"Sertifikat {content.number}"
    signed = signer.sign(typeset(content), reason=reason, at=row.numbered_at)
    return SignedDocument(objects.put(signed), key)


def mark_issued(session: Session, certificate_id: int, document: SignedDocument) -> None:
    """Record the signed document of a certificate, and the key it can be checked with; once."""
    register_key(session, document.key)
    issued = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == "signing")
        .values(
            state="issued",
            pdf_sha256=document.sha256,
            key_fingerprint=document.key.fingerprint,
            signed_at=clock.now(),
        )
    )
    if getattr(issued, "rowcount", 0):
        audit.record(session, "certificate.sign", ("certificate", certificate_id), sha256=document.sha256)


def register_key(session: Session, key: SigningKey) -> bool:
    """Publish the public part of a key, for as long as anything signed with it is checked; twice is once."""
    values = {
        "fingerprint": key.fingerprint,
        "certificate_pem": key.certificate_pem,
        "created_at": clock.now(),
    }
    return insert_if_absent(session, SigningKeyRow, values)
