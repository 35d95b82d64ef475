"""What a certificate says, and the page it is set on: the same content always gives the same bytes.

Everything printed is in the content, which is frozen in the register when the certificate is numbered;
nothing is looked up while the page is set.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit

import segno

from courses.authoring.course import CertificateKind
from courses.certification import wording
from courses.certification.glyphs import missing, shown, shown_plainly
from courses.certification.typesetting import NotTypeset, set_pages
from courses.errors import Invalid

_DATES = ("begun_on", "completed_on", "issued_on")
_PRINTED_AS_THEY_ARE = (
    "institution",
    "issuer",
    "emblem",
    "number",
    "name",
    "title",
    "signer_name",
    "signer_position",
    "signature_label",
)
LONGEST = 300


class HoursDoNotAddUp(Invalid):
    """The hours of the modules are not the hours of the course: reviewers credit nothing on such a paper."""


class TextTooLong(Invalid):
    """A text that no page could show; `facts` name the field."""


class AddressInvalid(Invalid):
    """The address for checking is not a web address that ends in a code."""


class ContentUnreadable(Invalid):
    """The frozen content is not in a form that this version knows."""


@dataclass(frozen=True, slots=True)
class ModuleHours:
    """One line of the second page."""

    title: str
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    """Everything that is printed. Dates are days where the office is; hours are JP of 45 minutes.

    Attributes:
        institution: for example `Pemerintah Kota Mataram`.
        issuer: the office that issues, by its full name.
        emblem: one or two letters in the round mark.
        name: with titles, as the person is to be called.
        nip: 18 digits, printed in groups; empty, like rank, grade, position and unit, for who has none.
        verify_address: `https://.../verify/<code>`, for the QR code.
        modules: their hours add up to `hours`; empty: no second page.
    """

    institution: str
    issuer: str
    emblem: str
    number: str
    kind: CertificateKind
    name: str
    nip: str = ""
    rank: str = ""
    grade: str = ""
    position: str = ""
    unit: str = ""
    title: str
    hours: Decimal
    begun_on: date
    completed_on: date
    issued_on: date
    city: str
    signer_name: str
    signer_nip: str = ""
    signer_position: str
    verify_address: str
    provider: str = ""
    partners: tuple[str, ...] = ()
    modules: tuple[ModuleHours, ...] = ()
    signature_label: str = wording.UNCERTIFIED

    def __post_init__(self) -> None:
        """Refuse what would make the paper contradict itself.

        Raises:
            HoursDoNotAddUp: modules are given and their sum differs.
            AddressInvalid: the address for checking cannot be one.
            TextTooLong: a text has over 300 characters.
        """
        total = sum((module.hours for module in self.modules), Decimal())
        if self.modules and total != self.hours:
            raise HoursDoNotAddUp(hours=str(self.hours), modules=str(total))
        if not _is_address_of_a_code(self.verify_address):
            raise AddressInvalid(address=self.verify_address)
        for field in fields(self):
            _refuse_too_long(field.name, getattr(self, field.name))
        for module in self.modules:
            _refuse_too_long("modules", module.title)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, decimals and days as text: what the register keeps."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data.update({name: data[name].isoformat() for name in _DATES})
        data["kind"] = self.kind.value
        data["hours"] = str(self.hours)
        data["partners"] = list(self.partners)
        data["modules"] = [{"title": one.title, "hours": str(one.hours)} for one in self.modules]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CertificateContent":
        """Return the content back from `to_json`.

        Raises:
            ContentUnreadable: a field is missing, unknown, or not what it should be.
        """
        try:
            values = dict(data)
            values.update({name: date.fromisoformat(values[name]) for name in _DATES})
            values["kind"] = CertificateKind(values["kind"])
            values["hours"] = Decimal(values["hours"])
            values["partners"] = tuple(values["partners"])
            values["modules"] = tuple(
                ModuleHours(one["title"], Decimal(one["hours"])) for one in values["modules"]
            )
            return cls(**values)
        except (ArithmeticError, KeyError, TypeError, ValueError) as why:
            raise ContentUnreadable(reason=str(why)) from why


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the document, as PDF/A-3 allows."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "supplement"


def share_hours(hours: Decimal, weights: Sequence[int]) -> tuple[Decimal, ...]:
    """Divide the hours of a course over its modules by their minutes, in steps of a quarter, exactly.

    Args:
        hours: JP of the whole course.
        weights: minutes of each module; all zero counts as all alike.

    Returns:
        As many hours, adding up to `hours`; the remainders go to the modules that were cut the most.
    """
    if not weights:
        return ()
    weights = weights if sum(weights) else [1] * len(weights)
    steps, rest = divmod(hours, Decimal("0.25"))
    exact = [int(steps) * weight / sum(weights) for weight in weights]
    given = [int(share) for share in exact]
    most_cut = sorted(range(len(weights)), key=lambda at: given[at] - exact[at])
    for at in most_cut[: int(steps) - sum(given)]:
        given[at] += 1
    shares = [Decimal(share) / 4 for share in given]
    shares[most_cut[0]] += rest
    return tuple(shares)


def typeset(content: CertificateContent, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the certificate as an A4 landscape PDF/A-3a that is PDF/UA-1 too, unsigned.

    Dated the issuing day, so that nothing in the bytes depends on when or how often this runs.
    """
    try:
        return set_pages("certificate", _data(content, attachments, shown), content.issued_on)
    except NotTypeset:
        # Each character can be shown, but not this sequence of them: some marks do not combine in any font.
        return set_pages("certificate", _data(content, attachments, shown_plainly), content.issued_on)


def not_printable(content: CertificateContent) -> tuple[str, ...]:
    """Return the characters that would be printed as a code like ‹U+6C49›: for a warning before issuing."""
    values = [getattr(content, field.name) for field in fields(content)]
    texts = [value for value in values if isinstance(value, str)]
    return missing(" ".join([*texts, *content.partners, *(module.title for module in content.modules)]))


def _is_address_of_a_code(address: str) -> bool:
    parts = urlsplit(address)
    code = parts.path.rpartition("/")[2]
    return parts.scheme in {"https", "http"} and bool(parts.netloc and code)


def _refuse_too_long(field: str, value: object) -> None:
    for text in value if isinstance(value, tuple) else (value,):
        if isinstance(text, str) and len(text) > LONGEST:
            raise TextTooLong(field=field, length=len(text), longest=LONGEST)


def _data(
    content: CertificateContent, attachments: Sequence[Attachment], show: Callable[[str], str]
) -> dict[str, Any]:
    printed = {name: getattr(content, name) for name in _PRINTED_AS_THEY_ARE}
    printed["signer_nip"] = wording.nip_in_groups(content.signer_nip)
    sentences = wording.words(content)
    edges = {name: sentences.pop(name) for name in ("hours_before", "hours_after")}  # their spaces count
    return {
        **{name: show(text) for name, text in (printed | sentences).items()},
        **edges,
        "identity": [(name, show(value)) for name, value in wording.identity(content)],
        "modules": [{"title": show(m.title), "hours": wording.amount(m.hours)} for m in content.modules],
        "verify_address": content.verify_address,
        "qr": _qr(content.verify_address),
        "year": content.issued_on.year,
        "month": content.issued_on.month,
        "day": content.issued_on.day,
        "attachments": [_attached(one) for one in attachments],
    }


def _attached(one: Attachment) -> dict[str, Any]:
    return {
        "name": one.name,
        "content": list(one.content),
        "media_type": one.media_type,
        "description": one.description,
        "relationship": one.relationship,
    }


def _qr(address: str) -> str:
    drawing = io.BytesIO()
    segno.make_qr(address, error="m").save(drawing, kind="svg", border=0, xmldecl=False, dark="#1d2523")
    return drawing.getvalue().decode("ascii")
