"""Golongan: I/a to IV/e for PNS, I to XVII for PPPK (Perpres 98/2020). Pure rules."""

import re

from courses.errors import Invalid

_PNS = re.compile(r"(I{1,3}|IV)[ ./-]*([A-E])")
_LAST = {"I": "D", "II": "D", "III": "D", "IV": "E"}
_PPPK = re.compile(r"I{1,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XVI{0,2}")


class BadGrade(Invalid):
    """Not a golongan."""


def clean_grade(written: str) -> str:
    """A golongan as it is printed: `III/d` or `IX`.

    Raises:
        BadGrade: there is none like it.
    """
    text = written.strip().upper()
    found = _PNS.fullmatch(text)
    if found and found[2] <= _LAST[found[1]]:
        return f"{found[1]}/{found[2].lower()}"
    if _PPPK.fullmatch(text):
        return text
    raise BadGrade
