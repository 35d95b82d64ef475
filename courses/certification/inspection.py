"""Tells from its bytes alone whether a PDF is one that our key signed, whole and unchanged.

A document is ours only when the mark in it is, byte for byte, the mark that our signer writes, over all other
bytes of the file. Then the whole file is what we signed, and nothing is left for two readers to see two ways.
Whether the certificate still holds is the register's word, never this one's: there is no "valid" in here.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography import x509

from courses.certification.marks import Mark, marks_in, signer_of
from courses.errors import TooLarge

if TYPE_CHECKING:
    from lxml import etree

LARGEST = 10 * 1024 * 1024

_CODE = re.compile(rb"/verify/([A-Za-z0-9_-]{16,64})(?![A-Za-z0-9_-])")
_XMP = re.compile(rb"/Subtype/XML>>\s*stream\r?\n<\?xpacket [^>]*>(<x:xmpmeta\b.*?</x:xmpmeta>)", re.DOTALL)
_NAMES = {"dc": "http://purl.org/dc/elements/1.1/", "pdf": "http://ns.adobe.com/pdf/1.3/"}


class PdfTooLarge(TooLarge):
    """The file is larger than any certificate; it was not looked into."""


class Standing(StrEnum):
    """What can be said of a document while the register is out of reach."""

    UNKNOWN = "unknown"
    TAMPERED = "tampered"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Examination:
    """What the bytes of a file say.

    Attributes:
        sha256: of all the bytes, in hexadecimal, to be compared with the register.
        readable: it looks like a PDF at all.
        signatures: how many signatures it carries.
        signed_by: fingerprint of the known key that the signature names; believe it only when `authentic`.
        intact: that key did sign those bytes, and the mark itself is as our signer writes it.
        whole: there is one signature and it covers the entire file.
        signed_at: the moment that the signer claimed; only when authentic.
        code: verification code written in the document, when there is exactly one; a claim unless authentic.
    """

    sha256: str
    readable: bool = False
    signatures: int = 0
    signed_by: str | None = None
    intact: bool = False
    whole: bool = False
    signed_at: datetime | None = None
    code: str | None = None

    @property
    def authentic(self) -> bool:
        """Whether one of our keys signed exactly this file. Not whether the certificate still holds."""
        return self.signed_by is not None and self.intact and self.whole


@dataclass(frozen=True, slots=True)
class Description:
    """What an authentic document says of itself, for display."""

    title: str
    author: str
    address: str


def examine(pdf: bytes, *, known: Mapping[str, x509.Certificate]) -> Examination:
    """Look at a file, whatever it is, and say what its bytes prove.

    Args:
        pdf: bytes from anyone.
        known: our certificates by fingerprint, past keys included.

    Raises:
        PdfTooLarge: over 10 MB.
    """
    if len(pdf) > LARGEST:
        raise PdfTooLarge(size=len(pdf), largest=LARGEST)
    found = Examination(sha256=hashlib.sha256(pdf).hexdigest())
    if not pdf.startswith(b"%PDF-"):
        return found
    marks = marks_in(pdf)
    found = replace(found, readable=True, signatures=len(marks), code=_only_code(pdf))
    judged = [_judged(found, mark, known) for mark in marks]
    return max(judged, key=_how_much_is_proven, default=found)


def status_without_register(examination: Examination) -> Standing:
    """Return what may be said when the register cannot be asked: never that a certificate is valid.

    A genuine file is "unverifiable", since it may have been revoked; a file that names our key but isn't what
    that key signed is "tampered"; anything else is unknown here.
    """
    if examination.authentic:
        return Standing.UNVERIFIABLE
    return Standing.TAMPERED if examination.signed_by else Standing.UNKNOWN


def describe(pdf: bytes, examination: Examination) -> Description | None:
    """Return what the document says of itself; None unless it is authentic, since anyone can write anything.

    Args:
        pdf: the bytes that were examined.
        examination: of those very bytes.
    """
    same = hashlib.sha256(pdf).hexdigest() == examination.sha256
    packet = _XMP.search(pdf) if same and examination.authentic else None
    if packet is None:
        return None
    from lxml import etree  # for the rare one who asks what a genuine document says

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(packet.group(1), parser)
    return Description(
        title=_text_at(tree, "dc:title"),
        author=_text_at(tree, "dc:creator"),
        address=_text_at(tree, "pdf:Keywords"),
    )


def _judged(found: Examination, mark: Mark, known: Mapping[str, x509.Certificate]) -> Examination:
    signed_by, intact = signer_of(mark, known)
    whole = mark.whole and found.signatures == 1
    judged = replace(found, signed_by=signed_by, intact=intact, whole=whole)
    return replace(judged, signed_at=mark.signed_at) if judged.authentic else judged


def _how_much_is_proven(examination: Examination) -> tuple[bool, bool]:
    return examination.authentic, examination.signed_by is not None


def _only_code(pdf: bytes) -> str | None:
    codes = {found.group(1) for found in _CODE.finditer(pdf)}
    return codes.pop().decode("ascii") if len(codes) == 1 else None


def _text_at(tree: "etree._Element", path: str) -> str:
    node = tree.find(f".//{path}", _NAMES)
    return "" if node is None else " ".join("".join(map(str, node.itertext())).split())
