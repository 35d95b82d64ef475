"""What a learner sees of an attempt: questions without the key, and afterwards as much as `show` allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.assessment import planning
from courses.assessment.grading import Grade, grade
from courses.assessment.models import Attempt
from courses.assessment.numbers import read_number, write_number
from courses.assessment.planning import Planned
from courses.assessment.responses import Begun, Question, answers_of, questions_of
from courses.authoring.course import Reveal
from courses.catalogue.editions import edition
from courses.catalogue.models import QuestionRow
from courses.catalogue.outline import QuizRules


@dataclass(frozen=True, slots=True)
class AskedChoice:
    """A choice as it is shown while answering: its token, its HTML, whether it is chosen."""

    token: str
    html: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown while answering. Nothing in here depends on the key."""

    position: int
    id: str
    type: str
    heading_html: str
    body_html: str
    points: Fraction
    choices: tuple[AskedChoice, ...]
    text: str
    read_as: str | None
    hint_html: str | None
    answered: bool


@dataclass(frozen=True, slots=True)
class ReviewedChoice:
    """A choice afterwards. `right` is None while answers are not shown."""

    html: str
    chosen: bool
    right: bool | None
    feedback_html: str | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question afterwards. What may not be shown yet is None or empty."""

    position: int
    type: str
    heading_html: str
    body_html: str
    choices: tuple[ReviewedChoice, ...]
    text: str
    read_as: str | None
    points: Fraction
    earned: Fraction | None
    verdict: str | None
    right_answers: tuple[str, ...]
    feedback_html: str | None
    explanation_html: str | None


def asked(session: Session, attempt: Begun) -> list[Asked]:
    """The questions of an open attempt. The key column is not even read."""
    plan = planning.from_data(attempt.plan)
    answers = answers_of(session, attempt)
    lang = edition(session, attempt.edition_id).outline.lang
    rows = session.execute(
        select(QuestionRow.holder, QuestionRow.question_id, QuestionRow.points, QuestionRow.shown).where(
            QuestionRow.edition_id == attempt.edition_id,
            QuestionRow.holder.in_({planned.holder for planned in plan}),
        )
    )
    found = {(row.holder, row.question_id): (row.points, row.shown) for row in rows}
    return [
        _asked(
            (position, planned, lang), *found[planned.holder, planned.question_id], answers.get(position, {})
        )
        for position, planned in enumerate(plan)
    ]


def may_show(rule: str, rules: QuizRules, earlier: Sequence[Attempt]) -> bool:
    """Whether a `show` rule allows it now, given every attempt so far."""
    if rule == Reveal.NEVER:
        return False
    if rule == Reveal.NOW or any(attempt.passed for attempt in earlier):
        return True
    used_up = bool(rules.attempts) and len(earlier) >= rules.attempts and earlier[-1].state != "open"
    return rule == Reveal.AFTER_LAST_ATTEMPT and used_up


def reviewed(session: Session, attempt: Attempt, *, score: bool, answers: bool) -> list[Reviewed]:
    """The questions of a graded attempt, with as much as may be shown."""
    plan = planning.from_data(attempt.plan)
    given = answers_of(session, attempt)
    lang = edition(session, attempt.edition_id).outline.lang
    return [
        _reviewed(
            _Review(position, planned, row, given.get(position, {}), lang), score=score, answers=answers
        )
        for position, (planned, row) in enumerate(
            zip(plan, questions_of(session, attempt, plan), strict=True)
        )
    ]


def percent(earned: Fraction, possible: Fraction) -> int:
    """Whole percent, rounded down, as it is shown; passing is decided on the exact fraction."""
    return int(earned * 100 // possible) if possible else 0


@dataclass(frozen=True, slots=True)
class _Review:
    position: int
    planned: Planned
    row: Question
    answer: dict[str, Any]
    lang: str

    @property
    def grade(self) -> Grade:
        return grade(self.planned.type, self.row.key, self.answer, self.lang)


def _asked(
    place: tuple[int, Planned, str], points: Fraction, shown: dict[str, Any], answer: dict[str, Any]
) -> Asked:
    position, planned, lang = place
    text = answer.get("text", "")
    chosen = answer.get("chosen", ())
    choices = tuple(
        AskedChoice(token, shown["choices"][index], index in chosen)
        for token, index in zip(planned.tokens, planned.order, strict=True)
    )
    return Asked(
        position=position,
        id=planned.question_id,
        type=planned.type,
        heading_html=shown["heading"],
        body_html=shown["body"],
        points=points,
        choices=choices,
        text=text,
        read_as=_read_as(text, lang) if planned.type == "number" else None,
        hint_html=shown["hint"],
        answered=bool(answer),
    )


def _reviewed(review: _Review, *, score: bool, answers: bool) -> Reviewed:
    row, graded = review.row, review.grade
    written = review.answer.get("text", "")
    return Reviewed(
        position=review.position,
        type=review.planned.type,
        heading_html=row.shown["heading"],
        body_html=row.shown["body"],
        choices=tuple(_choices(review, answers=answers)),
        text=written,
        read_as=_read_as(written, review.lang) if review.planned.type == "number" else None,
        points=row.points,
        earned=graded.share * row.points if score else None,
        verdict=graded.verdict if answers else None,
        right_answers=tuple(_right_lines(review)) if answers else (),
        feedback_html=_line_feedback(review) if answers else None,
        explanation_html=row.key["explanation"] if answers else None,
    )


def _choices(review: _Review, *, answers: bool) -> list[ReviewedChoice]:
    shown, key = review.row.shown["choices"], review.row.key
    chosen = review.answer.get("chosen", ())
    return [
        ReviewedChoice(
            html=shown[index],
            chosen=index in chosen,
            right=key["answers"][index]["right"] if answers else None,
            feedback_html=key["feedback"][index] if answers else None,
        )
        for index in review.planned.order
    ]


def _right_lines(review: _Review) -> list[str]:
    if review.planned.type == "number":
        return [_range(key, review.lang) for key in review.row.key["answers"] if Fraction(key["credit"]) > 0]
    if review.planned.type == "text":
        return [key["text"] for key in review.row.key["answers"] if Fraction(key["credit"]) > 0]
    return []


def _line_feedback(review: _Review) -> str | None:
    if review.planned.tokens or not review.grade.matched:
        return None
    feedback = review.row.key["feedback"]
    index = review.grade.matched[0]
    return feedback[index] if index < len(feedback) else None


def _range(key: dict[str, Any], lang: str) -> str:
    low, high = (write_number(Decimal(key[end]), lang) for end in ("low", "high"))
    return low if low == high else f"{low} - {high}"


def _read_as(written: str, lang: str) -> str | None:
    value = read_number(written, lang)
    return None if value is None else write_number(value, lang)
