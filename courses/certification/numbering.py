"""Certificate numbers from a pattern that an office can set; it must hold `{urut}` and `{tahun}`.

A pattern is data from a form, so it is read by the few lines below and never by `str.format`, which would let
it walk into attributes.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from courses.errors import Invalid

DEFAULT_PATTERN = "{klasifikasi}/{urut:05}/{unit}/{bulan_romawi}/{tahun}"
FIELDS = frozenset({"klasifikasi", "urut", "unit", "bulan_romawi", "bulan", "tahun"})
REQUIRED = ("urut", "tahun")
LONGEST_PATTERN = 200
WIDEST = 12

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_FIELD = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_PARTED = re.compile(r"(?:^|[^}\d])\{urut(?::[^{}]*)?\}(?:$|[^{\d])")
_WIDTH = re.compile(r"0[1-9][0-9]?")


class PatternInvalid(Invalid):
    """A number pattern that cannot be used; `facts` say which part."""


class FieldUnknown(PatternInvalid):
    """The pattern names a field that does not exist."""


class FieldMissing(PatternInvalid):
    """Without this field two certificates could get one number."""


class StrayBrace(PatternInvalid):
    """A brace that opens or closes nothing."""


class WidthInvalid(PatternInvalid):
    """What stands after the colon is not zero padding such as `05`, or the field is not a number."""


class FieldsRunTogether(PatternInvalid):
    """Nothing parts the sequence from its neighbour: 1 and 11 would read like 11 and 1."""


class PatternTooLong(PatternInvalid):
    """Longer than any number that could be printed."""


def validate_pattern(pattern: str) -> None:
    """Refuse a pattern that would not give each certificate of a year a number of its own.

    Raises:
        PatternInvalid: one of its kinds, naming what is wrong.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternTooLong(length=len(pattern), longest=LONGEST_PATTERN)
    used = {name for name, _ in _fields(pattern)}
    for name in REQUIRED:
        if name not in used:
            raise FieldMissing(field=name)
    if not _PARTED.search(pattern):
        raise FieldsRunTogether(field="urut")


def format_number(pattern: str, *, sequence: int, unit: str, issued_on: date, classification: str) -> str:
    """Return the number of a certificate, such as `800.2.3/00042/BKPSDM/XI/2026`.

    Args:
        pattern: with `{klasifikasi}`, `{urut}`, `{unit}`, `{bulan_romawi}`, `{bulan}`, `{tahun}`; the numeric
            ones take zero padding, as in `{urut:05}`.
        sequence: from 1, gapless within the year.
        unit: code of the issuing office.
        issued_on: the local day of issue.
        classification: archive code (Permendagri 83/2022).

    Raises:
        PatternInvalid: see `validate_pattern`.
    """
    validate_pattern(pattern)
    values: Mapping[str, str | int] = {
        "klasifikasi": classification,
        "urut": sequence,
        "unit": unit,
        "bulan_romawi": _ROMAN[issued_on.month - 1],
        "bulan": issued_on.month,
        "tahun": issued_on.year,
    }
    return _FIELD.sub(lambda field: str(values[field[1]]).zfill(_width(field[2])), pattern)


def _fields(pattern: str) -> Iterator[tuple[str, str | None]]:
    stray = re.search(r"[{}]", _FIELD.sub("", pattern))
    if stray:
        raise StrayBrace(brace=stray.group())
    for field in _FIELD.finditer(pattern):
        name, width = field.groups()
        if name not in FIELDS:
            raise FieldUnknown(field=name)
        if width is not None:
            _refuse_width(name, width)
        yield name, width


def _refuse_width(name: str, width: str) -> None:
    numeric = name in {"urut", "bulan", "tahun"}
    if not numeric or not _WIDTH.fullmatch(width) or int(width) > WIDEST:
        raise WidthInvalid(field=name, width=width)


def _width(written: str | None) -> int:
    return int(written) if written else 0
