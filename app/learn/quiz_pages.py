"""What quiz pages show, as values: built from attempts and questions, without the request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from app.steps import step_url
from courses.assessment.models import Attempt
from courses.assessment.reviewing import Asked, Reviewed, percent
from courses.assessment.taking import GRADED, field_name, quiz_rules
from courses.catalogue.editions import EditionView
from courses.catalogue.outline import OutlineStep
from courses.learning.enrolling import Standing
from courses.learning.progress import open_steps


@dataclass(frozen=True, slots=True)
class QuizView:
    """A quiz and its rules. `attempts_allowed` 0: no limit."""

    title: str
    intro_html: Markup
    graded: bool
    pass_percent: int
    attempts_allowed: int
    attempts_used: int
    time_minutes: int | None
    questions_count: int


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A line of the history. What may not be shown is None."""

    number: int
    submitted_at: datetime
    percent: int | None
    passed: bool | None
    url: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A choice while answering."""

    token: str
    html: Markup
    checked: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question while answering."""

    number: int
    id: str
    type: str
    field: str
    stem_html: Markup
    points: Fraction
    choices: tuple[ChoiceView, ...]
    value: str
    read_as: str | None
    hint_html: Markup | None
    answered: bool


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What an attempt came to. `percent` is rounded down; `passed` is None for practice or while hidden."""

    number: int
    submitted_at: datetime
    percent: int | None
    passed: bool | None
    points: Fraction
    points_possible: Fraction
    show_score: bool
    show_answers: bool


@dataclass(frozen=True, slots=True)
class ReviewChoice:
    """A choice afterwards."""

    html: Markup
    chosen: bool
    right: bool | None
    feedback_html: Markup | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A question afterwards."""

    number: int
    stem_html: Markup
    type: str
    given: tuple[str, ...]
    read_as: str | None
    verdict: str | None
    choices: tuple[ReviewChoice, ...]
    right_answers: tuple[str, ...]
    feedback_html: Markup | None
    explanation_html: Markup | None
    points: Fraction
    earned: Fraction | None


@dataclass(frozen=True, slots=True)
class Following:
    """Where to go from a result."""

    url: str
    label: str


def quiz_view(step: OutlineStep, intro: Markup, used: int) -> QuizView:
    """A quiz and its rules."""
    rules = quiz_rules(step)
    return QuizView(
        title=step.title,
        intro_html=intro,
        graded=rules.graded,
        pass_percent=int(rules.pass_percent),
        attempts_allowed=rules.attempts,
        attempts_used=used,
        time_minutes=None if rules.time is None else -(-rules.time // 60),
        questions_count=rules.questions,
    )


def history(course: str, step: OutlineStep, tried: Sequence[Attempt]) -> list[AttemptRow]:
    """The attempts that were submitted, the latest first."""
    rules = quiz_rules(step)
    shown = rules.show_score != "never"
    return [
        AttemptRow(
            number=one.number,
            submitted_at=one.submitted_at,
            percent=_percent(one) if shown else None,
            passed=one.passed if rules.graded and shown else None,
            url=url_for("learn.result", course=course, quiz=step.id, number=one.number),
        )
        for one in reversed(tried)
        if one.state == GRADED and one.submitted_at is not None
    ]


def question_view(question: Asked) -> QuestionView:
    """A question while answering."""
    return QuestionView(
        number=question.position + 1,
        id=question.id,
        type=question.type,
        field=field_name(question.position),
        stem_html=_stem(question.heading_html, question.body_html),
        points=question.points,
        choices=tuple(ChoiceView(c.token, _clean(c.html), c.chosen) for c in question.choices),
        value=question.text,
        read_as=question.read_as,
        hint_html=_clean(question.hint_html) if question.hint_html else None,
        answered=question.answered,
    )


def attempt_result(step: OutlineStep, attempt: Attempt, *, score: bool, answers: bool) -> AttemptResult:
    """What an attempt came to, as much as may be shown."""
    assert attempt.submitted_at is not None  # noqa: S101 - graded attempts were submitted
    return AttemptResult(
        number=attempt.number,
        submitted_at=attempt.submitted_at,
        percent=_percent(attempt) if score else None,
        passed=attempt.passed if score and quiz_rules(step).graded else None,
        points=attempt.earned or Fraction(0),
        points_possible=attempt.possible or Fraction(0),
        show_score=score,
        show_answers=answers,
    )


def review_views(questions: Sequence[Reviewed]) -> list[ReviewView]:
    """The questions afterwards."""
    return [
        ReviewView(
            number=one.position + 1,
            stem_html=_stem(one.heading_html, one.body_html),
            type=one.type,
            given=(one.text,) if one.text else (),
            read_as=one.read_as,
            verdict=one.verdict,
            choices=tuple(
                ReviewChoice(_clean(c.html), c.chosen, c.right, _maybe(c.feedback_html)) for c in one.choices
            ),
            right_answers=one.right_answers,
            feedback_html=_maybe(one.feedback_html),
            explanation_html=_maybe(one.explanation_html),
            points=one.points,
            earned=one.earned,
        )
        for one in questions
    ]


def following(view: EditionView, where: Standing, step: OutlineStep) -> Following:
    """The step after a quiz when it is open, else the course."""
    steps = view.outline.steps
    index = steps.index(step) + 1
    if index < len(steps) and steps[index].id in open_steps(view.outline, where.records):
        return Following(
            step_url(view.slug, steps[index]), gettext("Lanjut ke “%(title)s”", title=steps[index].title)
        )
    if where.completed_at is not None:
        return Following(url_for("me.index"), gettext("Lihat sertifikat"))
    return Following(url_for("catalogue.course", course=view.slug), gettext("Lihat pelatihan"))


def _percent(attempt: Attempt) -> int | None:
    if attempt.earned is None or attempt.possible is None:
        return None
    return percent(attempt.earned, attempt.possible)


def _stem(heading: str, body: str) -> Markup:
    return Markup(f'<p class="stem">{heading}</p>{body}')  # noqa: S704 - both cleaned at publishing


def _clean(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - cleaned at publishing


def _maybe(html: str | None) -> Markup | None:
    return None if html is None else _clean(html)
