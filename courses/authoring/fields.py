"""How one key of front matter is read from text: a value, or the code of the problem with it.

Every reader takes what `frontmatter` found (text, a list, a group or None) and raises a pydantic error whose
type is a code of `codes` and whose context holds the facts. Only ASCII digits are numbers.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from courses.authoring.course import Release

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_ID = 64
LONGEST_LINE = 300

_DURATION = re.compile(r"([0-9]{1,4})(s|m|h|d|w|y)")
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}

W = TypeVar("W", bound=StrEnum)


def is_id(text: str) -> bool:
    """Say whether a text can be the id of a part of a course."""
    return len(text) <= LONGEST_ID and ID.fullmatch(text) is not None


def _refusal(code: str, **facts: object) -> PydanticCustomError:
    return PydanticCustomError(code, code, facts)


def _written(value: object) -> str:
    """Return a value as the author may recognise it in a sentence."""
    return value if isinstance(value, str) else "…" if value else ""


def _line(value: object) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not 0 < len(text) <= LONGEST_LINE:
        raise _refusal("bad-text", limit=LONGEST_LINE)
    return text


def _id(value: object) -> str:
    if not isinstance(value, str) or not is_id(value):
        raise _refusal("bad-id", value=_written(value))
    return value


def _language(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", value):
        raise _refusal("bad-language", value=_written(value))
    return value


def _switch(value: object) -> bool:
    if value not in ("true", "false"):
        raise _refusal("bad-switch", value=_written(value))
    return value == "true"


def _number(value: object, pattern: str, example: str) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise _refusal("bad-number", value=_written(value), example=example)
    return Decimal(value)


def _between(number: Decimal, low: int, high: int) -> Decimal:
    if not low <= number <= high:
        raise _refusal("out-of-range", low=low, high=high, value=str(number))
    return number


def whole(low: int, high: int) -> BeforeValidator:
    """Return the reader of a whole number in a range, both ends included."""

    def read(value: object) -> int:
        return int(_between(_number(value, r"-?[0-9]{1,9}", str(low)), low, high))

    return BeforeValidator(read)


def _jp(value: object) -> Decimal:
    hours = _number(value, r"-?[0-9]{1,9}(\.[0-9]{1,2})?", "6")
    if hours <= 0:
        raise _refusal("out-of-range", low="0.01", high=1000, value=str(hours))
    return _between(hours, 0, 1000)


def _percent(value: object) -> Fraction:
    return Fraction(_between(_number(value, r"-?[0-9]{1,9}(\.[0-9]{1,2})?", "70"), 1, 100))


def _duration_of(value: object, example: str) -> timedelta:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise _refusal("bad-duration", value=_written(value), example=example)
    return int(match[1]) * _UNITS[match[2]]


def duration(low: str, high: str, example: str) -> BeforeValidator:
    """Return the reader of a duration in a range, both ends included; `0` needs no unit."""
    least, most = (_duration_of(end, example) for end in (low, high))

    def read(value: object) -> timedelta:
        length = timedelta() if value == "0" else _duration_of(value, example)
        if not least <= length <= most:
            raise _refusal("out-of-range", low=low, high=high, value=_written(value))
        return length

    return BeforeValidator(read)


def _validity(value: object) -> str:
    """Keep how long a certificate is valid as it is written: `2y` is two calendar years, not 730 days."""
    if not isinstance(value, str) or not re.fullmatch(r"[1-9][0-9]{0,3}[dwy]", value):
        raise _refusal("bad-duration", value=_written(value), example="2y")
    return value


def _opening(value: object) -> Release:
    text = value.removesuffix(" after enrolment").strip() if isinstance(value, str) else ""
    if match := _DURATION.fullmatch(text):
        return Release(after_enrolment=int(match[1]) * _UNITS[match[2]])
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and text == value:
            return Release(on=date.fromisoformat(text))
    except ValueError:
        pass
    raise _refusal("bad-release", value=_written(value))


def _completion(value: object) -> str:
    text = _written(value)
    if text != "read" and not (text.startswith("quiz:") and is_id(text.removeprefix("quiz:"))):
        raise _refusal("bad-completion", value=text)
    return text


def word(words: type[W]) -> BeforeValidator:
    """Return the reader of a value that is one word of an enumeration."""

    def read(value: object) -> W:
        if not isinstance(value, str) or value not in set(words):
            raise _refusal("bad-word", allowed=", ".join(words), value=_written(value))
        return words(value)

    return BeforeValidator(read)


def _no_repetition(values: object) -> object:
    if not isinstance(values, list):
        raise _refusal("bad-list")
    for place, value in enumerate(values):
        if isinstance(value, str) and value in values[:place]:
            raise _refusal("repeated-value", value=value, at=place)
    return values


Line = Annotated[str, BeforeValidator(_line)]
Id = Annotated[str, BeforeValidator(_id)]

id_ = BeforeValidator(_id)
language = BeforeValidator(_language)
line = BeforeValidator(_line)
switch = BeforeValidator(_switch)
jp = BeforeValidator(_jp)
percent = BeforeValidator(_percent)
validity = BeforeValidator(_validity)
opening = BeforeValidator(_opening)
completion = BeforeValidator(_completion)
several = BeforeValidator(_no_repetition)
