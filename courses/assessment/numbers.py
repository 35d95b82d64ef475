"""How a number that a learner wrote is read: with the comma and dot of the course's language. Pure rules.

In Indonesian `1.234` is a thousand two hundred thirty-four and `1,5` one and a half. A dot that cannot be a
separator of thousands (`0.5`) is read as a decimal one. The page echoes the number as read.
"""

import re
from decimal import Decimal

LONGEST = 40
_SPACES = re.compile(r"\s+")
_MINUS = str.maketrans("−–", "--")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_SWAP = str.maketrans(".,", ",.")


def read_number(written: str, lang: str) -> Decimal | None:
    """Read a number; None when it is not one.

    Args:
        written: what the learner typed. ASCII digits only: look-alikes are not numbers.
        lang: the course's language; `id` swaps comma and dot, others read as English does.
    """
    text = _SPACES.sub("", written).translate(_MINUS)
    if not text or len(text) > LONGEST:
        return None
    local = text.translate(_SWAP) if lang == "id" else text
    if _GROUPED.fullmatch(local):
        return Decimal(local.replace(",", ""))
    for candidate in (local, text):
        if _PLAIN.fullmatch(candidate):
            return Decimal(candidate)
    if lang != "id" and _PLAIN.fullmatch(text.translate(_SWAP)):
        return Decimal(text.translate(_SWAP))
    return None


def write_number(value: Decimal, lang: str) -> str:
    """Write a number as its language does: `1.234,5` or `1,234.5`."""
    text = f"{value or abs(value):,f}"  # a learner's -0 is 0
    return text.translate(_SWAP) if lang == "id" else text
