"""Signatures as they lie in the bytes of a PDF, and the only way our own signer writes one.

No PDF parser ever reads what a stranger sends: these few patterns run in linear time over bounded pieces.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from courses.certification.keys import P256_ORDER, fingerprint_of

CONSIDERED = 16
LONGEST = 64 * 1024

_RANGE = re.compile(
    rb"/ByteRange {0,9}\[ {0,9}(\d{1,8}) {1,9}(\d{1,8}) {1,9}(\d{1,8}) {1,9}(\d{1,8}) {0,9}\]"
)
_HEXADECIMAL = re.compile(rb"<[0-9A-F]+>")
_MOMENT = re.compile(rb"/M \(D(?::|\\072)(\d{14})Z\)")

_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_SIGNED_ATTRIBUTES = {_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_CERTIFICATE_V2}

_SEQUENCE, _SET, _OCTETS, _TAGGED_0 = 0x30, 0x31, 0x04, 0xA0
_VERSION_1 = bytes.fromhex("020101")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")

# The same algorithm may be written with or without an empty parameter; nothing else is the same algorithm.
_SHA256 = {bytes.fromhex("300d06096086480165030402010500"), bytes.fromhex("300b0609608648016503040201")}
_ECDSA_SHA256 = {bytes.fromhex("300a06082a8648ce3d040302")}


@dataclass(frozen=True, slots=True)
class Mark:
    """One signature: the bytes before it, its container, the bytes after it.

    Attributes:
        whole: everything in the file but the container is covered, the ranges themselves included.
        signed_at: the moment that the signer claimed.
    """

    before: memoryview
    container: bytes
    after: memoryview
    whole: bool
    signed_at: datetime | None

    def digest(self) -> bytes:
        """Return the SHA-256 of what the mark covers."""
        running = hashlib.sha256(self.before)
        running.update(self.after)
        return running.digest()


def marks_in(pdf: bytes) -> list[Mark]:
    """Return the signatures in a file. Only the last few places are looked at: ours is written last."""
    places = list(_RANGE.finditer(pdf))[-CONSIDERED:]
    marks = (_mark_at(pdf, place) for place in places)
    return [mark for mark in marks if mark is not None]


def signer_of(mark: Mark, known: Mapping[str, x509.Certificate]) -> tuple[str | None, bool]:
    """Return the fingerprint of the known key that a mark names, and whether that key made the mark.

    Keys are told apart by the hash of the whole certificate; no name in it is looked at.
    """
    try:
        content = cms.ContentInfo.load(mark.container)
        presented = content["content"]["certificates"][0].chosen.dump()
        certificate = known.get(hashlib.sha256(presented).hexdigest())
        if certificate is None:
            return None, False
        return fingerprint_of(certificate), _made_by(certificate, content, mark)
    except Exception:
        # A stranger's bytes may break the decoder in any way; then they prove nothing.
        return None, False


def _mark_at(pdf: bytes, place: re.Match[bytes]) -> Mark | None:
    """Return the signature whose ranges are written here, or None when they do not frame one."""
    start, length, resumes, rest = (int(number) for number in place.groups())
    gap = pdf[start + length : resumes]
    if resumes + rest > len(pdf) or not 2 < len(gap) <= LONGEST:
        return None
    if _HEXADECIMAL.fullmatch(gap) is None or len(gap) % 2:
        return None
    view = memoryview(pdf)
    return Mark(
        before=view[start : start + length],
        container=bytes.fromhex(gap[1:-1].decode("ascii")),
        after=view[resumes : resumes + rest],
        whole=start == 0 and resumes <= place.start() and resumes + rest == len(pdf),
        signed_at=_moment(pdf[place.end() : pdf.find(b"endobj", place.end())]),
    )


def _moment(dictionary: bytes) -> datetime | None:
    written = _MOMENT.search(dictionary)
    if written is None:
        return None
    try:
        return datetime.strptime(written.group(1).decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _made_by(certificate: x509.Certificate, content: cms.ContentInfo, mark: Mark) -> bool:
    signer = content["content"]["signer_infos"][0]
    attributes = {one["type"].dotted: one["values"] for one in signer["signed_attrs"]}
    return (
        _as_our_signer_writes(certificate, signer, mark.container)
        and set(attributes) == _SIGNED_ATTRIBUTES
        and attributes[_MESSAGE_DIGEST][0].native == mark.digest()
        and _signed(certificate, signer)
    )


def _as_our_signer_writes(certificate: x509.Certificate, signer: cms.SignerInfo, container: bytes) -> bool:
    """Whether the container is the one way to write this signature, then zeros to the end.

    A signature does not cover its own container, so a byte changed there would go unnoticed. It is put
    together anew from what is signed and our own certificate, and must come out the same.
    """
    if signer["digest_algorithm"].dump() not in _SHA256:
        return False
    if signer["signature_algorithm"].dump() not in _ECDSA_SHA256:
        return False
    written = _container(certificate, signer)
    return container.startswith(written) and not container[len(written) :].strip(b"\0")


def _container(certificate: x509.Certificate, signer: cms.SignerInfo) -> bytes:
    """Return a SignedData (RFC 5652) with this one signer and nothing optional."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    ours = cms.Certificate.load(der)["tbs_certificate"]
    info = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SEQUENCE, ours["issuer"].dump(), ours["serial_number"].dump()),
        signer["digest_algorithm"].dump(),
        signer["signed_attrs"].dump(),
        signer["signature_algorithm"].dump(),
        _der(_OCTETS, signer["signature"].native),
    )
    data = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SET, signer["digest_algorithm"].dump()),
        _der(_SEQUENCE, _DATA),
        _der(_TAGGED_0, der),
        _der(_SET, info),
    )
    return _der(_SEQUENCE, _SIGNED_DATA, _der(_TAGGED_0, data))


def _signed(certificate: x509.Certificate, signer: cms.SignerInfo) -> bool:
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    signature = signer["signature"].native
    attributes = bytes([_SET]) + signer["signed_attrs"].dump()[1:]  # signed as a plain set (RFC 5652, 5.4)
    try:
        public.verify(signature, attributes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    _, s = decode_dss_signature(signature)
    return s <= P256_ORDER // 2  # the other form is as true, but is not what our signer writes


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body
