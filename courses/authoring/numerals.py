"""Numbers as authors write them in answer lines: a decimal point, no thousands separator, at most 30 digits.

`7` is exactly 7, `7 +- 0.5` is from 6.5 to 7.5, `6..8` is from 6 to 8, both ends included.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal

_NUMBER = r"[-+]?[0-9]+(?:\.[0-9]+)?"
_PLAIN = re.compile(_NUMBER)
_MARGIN = re.compile(rf"({_NUMBER})\s*(?:\+-|±)\s*([0-9]+(?:\.[0-9]+)?)")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")
_ALMOST = re.compile(
    r"[-+]?(?:[0-9]+,[0-9]+|[0-9]{1,3}(?:[.,][0-9]{3}){2,}(?:[.,][0-9]+)?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+|[0-9]{31,})"
)
_MOST_DIGITS = 30
_LONGEST = 100
_EXACT = Context(prec=2 * _MOST_DIGITS + 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """From low to high, both included."""

    low: Decimal
    high: Decimal


def read_interval(text: str) -> Interval | None:
    """Return what an answer line means as a number, or None when it is text."""
    text = text.replace("−", "-")
    if len(text) > _LONGEST:
        return None
    if _PLAIN.fullmatch(text):
        return _interval(text, text)
    if match := _MARGIN.fullmatch(text):
        around = _interval(match[1], match[2])
        return around and _around(middle=around.low, margin=around.high)
    match = _RANGE.fullmatch(text)
    return _interval(match[1], match[2]) if match else None


def is_almost_a_number(text: str) -> bool:
    """Say whether an author who wrote this may have meant a number: `1,5`, `1.000.000`, `1e5`."""
    return len(text) <= _LONGEST and _ALMOST.fullmatch(text.replace("−", "-")) is not None


def is_perhaps_thousands(text: str) -> bool:
    """Say whether a number with a decimal point looks like one with a thousands separator: `1.234`."""
    return re.fullmatch(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}", text) is not None


def _interval(low: str, high: str) -> Interval | None:
    if max(sum(map(str.isdigit, end)) for end in (low, high)) > _MOST_DIGITS:
        return None
    return Interval(Decimal(low), Decimal(high))


def _around(middle: Decimal, margin: Decimal) -> Interval:
    return Interval(_EXACT.subtract(middle, margin), _EXACT.add(middle, margin))
