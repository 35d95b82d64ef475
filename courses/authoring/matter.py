"""What may be said at the head of each kind of file: one model per kind, unknown keys refused.

`read_matter` turns the keys of a file into its model, and every pydantic error into a problem at its place.
A key without a value counts as not given.
"""

from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, ValidationError
from pydantic_core import ErrorDetails

from courses.authoring.codes import CODES
from courses.authoring.course import CertificateKind, Issue, Kind, Order, Place, Release, Reveal
from courses.authoring.fields import (
    Id,
    Line,
    completion,
    duration,
    id_,
    jp,
    language,
    line,
    opening,
    percent,
    several,
    switch,
    validity,
    whole,
    word,
)
from courses.authoring.findings import Findings
from courses.authoring.frontmatter import Front, Loc, Value


class Role(StrEnum):
    """Which end of the course a quiz measures."""

    PRETEST = "pretest"
    POSTTEST = "posttest"


class Change(StrEnum):
    """Whether those who had finished a lesson are asked to look again."""

    MINOR = "minor"
    MATERIAL = "material"


class Shuffled(StrEnum):
    """What is put in a new order for each attempt."""

    QUESTIONS = "questions"
    CHOICES = "choices"


class Matter(BaseModel):
    """The base of all models: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class CertificateMatter(Matter):
    """`certificate:` of course.md."""

    kind: Annotated[CertificateKind, word(CertificateKind)]
    issue: Annotated[Issue, word(Issue)] = Issue.APPROVAL
    valid: Annotated[str | None, validity] = None


class SiasnMatter(Matter):
    """`siasn:` of course.md: the kind of training as SIASN numbers them."""

    jenis_diklat: Annotated[int, whole(1, 25)]


class ShowMatter(Matter):
    """`show:` of a quiz."""

    score: Annotated[Reveal, word(Reveal)] = Reveal.NOW
    answers: Annotated[Reveal, word(Reveal)] = Reveal.AFTER_PASS


class CourseMatter(Matter):
    """The keys of course.md."""

    title: Line
    hours: Annotated[Decimal, jp]
    kind: Annotated[Kind, word(Kind)]
    certificate: CertificateMatter
    summary: Annotated[str, line] = ""
    lang: Annotated[str, language] = "id"
    competency: Annotated[str | None, id_] = None
    level: Annotated[int | None, whole(1, 5)] = None
    objectives: Annotated[tuple[Line, ...], several] = ()
    requires: Annotated[tuple[Id, ...], several] = ()
    order: Annotated[Order, word(Order)] = Order.SEQUENTIAL
    pass_percent: Annotated[Fraction, percent] = Field(Fraction(70), alias="pass")
    provider: Annotated[str, line] = ""
    partners: Annotated[tuple[Line, ...], several] = ()
    siasn: SiasnMatter | None = None


class ModuleMatter(Matter):
    """The keys of module.md."""

    title: Line
    id: Annotated[str | None, id_] = None


class LessonMatter(Matter):
    """The keys of a lesson."""

    title: Line
    id: Annotated[str | None, id_] = None
    minutes: Annotated[int | None, whole(1, 600)] = None
    objectives: Annotated[tuple[Line, ...], several] = ()
    complete: Annotated[str, completion] = "read"
    minimum: Annotated[timedelta | None, duration("0s", "24h", "3m")] = None
    release: Annotated[InstanceOf[Release] | None, opening] = None
    change: Annotated[Change, word(Change)] = Change.MINOR


class BankMatter(Matter):
    """The keys of a bank of questions: it has no page, so there is little to say."""

    title: Line


class QuizMatter(Matter):
    """The keys of a quiz."""

    title: Line
    id: Annotated[str | None, id_] = None
    minutes: Annotated[int | None, whole(1, 600)] = None
    graded: Annotated[bool, switch] = False
    role: Annotated[Role | None, word(Role)] = None
    pass_percent: Annotated[Fraction | None, percent] = Field(None, alias="pass")
    attempts: Annotated[int, whole(0, 100)] = 0
    time: Annotated[timedelta | None, duration("1m", "24h", "15m")] = None
    offline: Annotated[timedelta | None, duration("1h", "30d", "24h")] = None
    shuffle: Annotated[tuple[Annotated[Shuffled, word(Shuffled)], ...], several] = ()
    banks: Annotated[tuple[Line, ...], several] = Field((), alias="from")
    draw: Annotated[int | None, whole(1, 1000)] = None
    show: ShowMatter = ShowMatter()


_GROUPS: dict[str, type[Matter]] = {
    "certificate": CertificateMatter,
    "siasn": SiasnMatter,
    "show": ShowMatter,
}

M = TypeVar("M", bound=Matter)


def read_matter(model: type[M], front: Front | None, found: Findings) -> M | None:
    """Return what the keys of a file mean, or None when there are none or something is wrong with them."""
    if front is None:
        return None
    try:
        return model.model_validate(_given(front.values))
    except ValidationError as errors:
        for error in errors.errors(include_url=False, include_input=False):
            _add(error, model, front, found)
        return None


def closest_first(word: str, known: list[str]) -> str:
    """Return the known words as a sentence has them, those most like the wrong one first."""
    close = get_close_matches(word[:100], known, cutoff=0.5)
    return ", ".join([*close, *(name for name in known if name not in close)])


def _given(values: dict[str, Value]) -> dict[str, Any]:
    return {
        key: _given(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }


def _add(error: ErrorDetails, model: type[Matter], front: Front, found: Findings) -> None:
    loc = error["loc"]
    key = str(loc[-1]) if isinstance(loc[-1], str) else str(loc[0])
    if error["type"] == "extra_forbidden":
        group = _GROUPS[str(loc[0])] if len(loc) > 1 else model
        found.add("unknown-key", front.keys[loc], key=key, known=closest_first(key, _keys(group)))
    elif error["type"] == "missing":
        found.add("missing-key", _key_or_parent(loc, front), key=key)
    elif error["type"] in CODES:
        facts = error.get("ctx", {})
        at = [facts.pop("at")] if "at" in facts else []
        found.add(error["type"], front.place(*loc, *at), key=key, **facts)
    else:
        found.add("bad-group", front.place(*loc), key=key)


def _key_or_parent(loc: Loc, front: Front) -> Place:
    return front.keys.get(loc) or front.keys.get(loc[:-1]) or front.place()


def _keys(model: type[Matter]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
