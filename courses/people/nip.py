"""NIP and NI PPPK: 18 digits that say a birth date, a first appointment, a sex and a serial. Pure rules.

Layout (Perka BKN 22/2007 and 43/2007): birth date, year of appointment, then for PNS its month 01-12, for
PPPK the marker 2 and the contract's frequency 1-9, then sex and serial. There is no check digit: a
well-formed number is no proof.
"""

import re
from dataclasses import dataclass
from datetime import date

from courses.errors import Invalid

_SHAPE = re.compile(r"([0-9]{8})([0-9]{4})(0[1-9]|1[0-2]|2[1-9])([12])([0-9]{3})")
_SEPARATORS = str.maketrans("", "", " .")
_DECIMALS = re.compile(r"\.[0-9]{1,2}")
LENGTH = 18
PPPK_FROM = 21


class BadNip(Invalid):
    """Eighteen digits that cannot be a NIP; `reason` is length, shape, birth-date, serial or year."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Nip:
    """A well-formed number and what its digits say. `status` is PNS or PPPK."""

    digits: str
    born_on: date
    appointed_year: int
    status: str


def parse_nip(written: str, today: date) -> Nip:
    """Read a NIP as people write it: ASCII digits, with spaces or dots between them allowed.

    A dot before the last digit or two is no separator but a spreadsheet's decimal point: seventeen digits and
    `.0` are a number that lost a digit, not a NIP.

    Raises:
        BadNip: with the reason.
    """
    text = written.strip()
    digits = text.translate(_SEPARATORS)
    if len(digits) != LENGTH:
        raise BadNip("length")
    found = _SHAPE.fullmatch(digits)
    if found is None or _DECIMALS.search(text, len(text) - 3):
        raise BadNip("shape")
    born, year, month, _sex, serial = found.groups()
    if serial == "000":
        raise BadNip("serial")
    if not int(born[:4]) < int(year) <= today.year + 1:
        raise BadNip("year")
    status = "PPPK" if int(month) >= PPPK_FROM else "PNS"
    return Nip(digits, _birth_date(born), int(year), status)


def masked(digits: str) -> str:
    """The number as the public may see it: year of birth and the last four digits."""
    return digits[:4] + "•" * (len(digits) - 8) + digits[-4:] if len(digits) == LENGTH else ""


def grouped(digits: str) -> str:
    """The number as documents print it: 19870412 201101 2 003."""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if len(digits) == LENGTH else digits


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadNip("birth-date") from None
