"""Puts the last mark on a certificate: PAdES B-B, after which no byte may change.

The document is built whole before it comes here, and what comes back is final: it is stored as it is.
The same document, key and moment give the same bytes, so a job that is run twice stores one thing.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Protocol

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import constants
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from courses.certification.keys import P256_ORDER, SigningKey
from courses.errors import Conflict, Invalid

FIELD = "Tandatangan"
FIELD_SPOKEN = "Tanda tangan elektronik"
DIGEST = "sha256"

# PDF/A wants the field printable, PDF/UA wants it off the page: a point far outside serves both.
_UNSEEN = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class NotSignable(Invalid):
    """What was handed over is not a PDF that can be signed."""


class AlreadySigned(Conflict):
    """The document carries a signature; ours must be the only one."""


class Signer(Protocol):
    """Whoever can sign a finished document: our own key today, a certified service another day."""

    def sign(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """Return the signed document, final to the byte.

        Args:
            pdf: the finished document, unsigned.
            reason: shown by PDF readers beside the signature.
            at: aware; the claimed moment of signing.
        """


class LocalSigner:
    """Signs with a key of our own, loaded once and used for every document."""

    def __init__(self, key: SigningKey) -> None:
        self._cms = _KeptKey(key)
        self._room = len(asyncio.run(_trial(self._cms)))

    def sign(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """Return the document with one certifying signature over all of it: no later change is allowed.

        Raises:
            AlreadySigned: the document has a signature.
            NotSignable: it cannot be read as a PDF.
        """
        if at.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        try:
            return asyncio.run(self._signed(pdf, reason, at.astimezone(UTC)))
        except PdfError as why:
            raise NotSignable(reason=str(why)) from why

    async def _signed(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        writer = _StillWriter(_unsigned(pdf), name=_name_after(pdf, at))
        session = self._session(writer, reason, at)
        prepared = session.prepare_tbs_document(None, bytes_reserved=self._room * 2)
        output = BytesIO()
        covered, _ = prepared.digest_tbs_document(output=output)
        finished = await prepared.perform_signature(
            document_digest=covered.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes()
        )
        await finished.post_signature_processing(output)
        return output.getvalue()

    def _session(self, writer: IncrementalPdfFileWriter, reason: str, at: datetime) -> PdfSigningSession:
        terms = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            reason=reason,
            certify=True,
            subfilter=SigSeedSubFilter.PADES,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        field = SigFieldSpec(FIELD, invis_sig_settings=_UNSEEN, readable_field_name=FIELD_SPOKEN)
        session = _PlainPades(terms, self._cms, new_field_spec=field).init_signing_session(writer)
        session.system_time = at
        return session


class _KeptKey(signers.Signer):
    """pyHanko's own signer parses the private key again for every signature; this one keeps it."""

    def __init__(self, key: SigningKey) -> None:
        der = key.certificate.public_bytes(serialization.Encoding.DER)
        super().__init__(signing_cert=asn1_x509.Certificate.load(der))
        self._private = key.private

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        # Deterministic (RFC 6979): no random number to get wrong, and the same bytes when a job is repeated.
        # Of the two forms of an ECDSA signature always the low one, since anyone can turn one into the other.
        signature = self._private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, min(s, P256_ORDER - s))


class _PlainPades(signers.PdfSigner):
    """Declares PAdES and nothing more.

    pyHanko would also raise the file to PDF 2.0 because of the curve; PDF/A-3 is PDF 1.7.
    """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.register_extension(constants.ESIC_EXTENSION_1)


class _StillWriter(IncrementalPdfFileWriter):
    """Appends the signature and leaves the metadata as typeset.

    pyHanko would stamp the present time and its own name into Info and XMP, and a random file id.
    """

    def __init__(self, reader: PdfFileReader, *, name: bytes) -> None:
        super().__init__(reader.stream, prev=reader)
        self._document_id = ArrayObject([self._document_id[0], ByteStringObject(name)])

    def _update_meta(self) -> None:
        """Keep the metadata: the document was finished before it came here."""


def _unsigned(pdf: bytes) -> PdfFileReader:
    reader = PdfFileReader(BytesIO(pdf))
    if reader.embedded_signatures:
        raise AlreadySigned
    return reader


def _name_after(pdf: bytes, at: datetime) -> bytes:
    """Return a file id for this revision: 16 bytes that follow from the document and the moment."""
    return hashlib.sha256(pdf + at.isoformat().encode("ascii")).digest()[:16]


async def _trial(cms: _KeptKey) -> bytes:
    """Sign nothing in particular, to learn how much room a signature takes.

    An ECDSA signature varies by a few bytes; 16 to spare.
    """
    container = await cms.async_sign(bytes(32), DIGEST, use_pades=True)
    der: bytes = container.dump()
    return der + bytes(16)
