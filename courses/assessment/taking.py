"""Taking a quiz: start, save, submit. Time is the server's; a constraint decides between two starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from courses import clock
from courses.asking import Asked, Told
from courses.assessment import planning
from courses.assessment.grading import grade
from courses.assessment.models import Attempt
from courses.assessment.planning import Drawable, Plan
from courses.assessment.responses import Answers, answers_of, questions_of, store
from courses.catalogue.editions import EditionView, edition
from courses.catalogue.models import QuestionRow
from courses.catalogue.outline import OutlineStep, QuizRules
from courses.database import violates
from courses.errors import Conflict, Forbidden, NotFound
from courses.learning.completing import record_quiz, require_open
from courses.learning.enrolling import Standing

OPEN, GRADED = "open", "graded"


class AttemptsUsedUp(Forbidden):
    """Every allowed attempt has been used."""


class AlreadyPassed(Forbidden):
    """A graded quiz that was passed is not taken again."""


class NoOpenAttempt(NotFound):
    """There is no open attempt at this quiz."""


class AttemptClosed(Conflict):
    """The attempt was submitted already; `number` says which."""


class TimeIsUp(Conflict):
    """The time of the attempt has run out: what was saved before counts, what is sent now does not."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A graded attempt: its number, what it earned, whether it passed, whether its time had run out."""

    number: int
    earned: Fraction
    possible: Fraction
    passed: bool
    late: bool


@dataclass(frozen=True, slots=True)
class HeldAttempt:
    """What is read of an attempt to save or hand it in."""

    id: int
    edition_id: int
    step_id: str
    number: int
    state: str
    plan: Any
    deadline: datetime | None
    saved_at: datetime | None


_TABLE: Any = Attempt.__table__
_LATEST = Asked(
    select(*(_TABLE.c[field.name] for field in fields(HeldAttempt)))
    .where(
        _TABLE.c.enrolment_id == bindparam("enrolment_id"),
        _TABLE.c.step_id == bindparam("step_id"),
    )
    .order_by(_TABLE.c.number.desc())
    .limit(literal_column("1"))
    .with_for_update()
)


def quiz_rules(step: OutlineStep) -> QuizRules:
    """The rules of a step that is a quiz."""
    if step.quiz is None:
        raise NoOpenAttempt(step=step.id)
    return step.quiz


def attempts(session: Session, standing: Standing, step_id: str) -> Sequence[Attempt]:
    """Every attempt of a person at a quiz, by number."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id == standing.enrolment_id, Attempt.step_id == step_id)
        .order_by(Attempt.number)
    ).all()


def open_attempt(session: Session, standing: Standing, step_id: str) -> Attempt:
    """The open attempt at a quiz.

    Raises:
        NoOpenAttempt: there is none.
    """
    found = session.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id == standing.enrolment_id, Attempt.step_id == step_id)
        .where(Attempt.state == OPEN)
        .with_for_update()
    ).first()
    if found is None:
        raise NoOpenAttempt(step=step_id)
    return found


def held_attempt(session: Session, standing: Standing, step_id: str) -> HeldAttempt:
    """The latest attempt at a quiz, held until the transaction ends: two tabs write one after the other.

    Raises:
        NoOpenAttempt: nothing has been tried.
    """
    found = _LATEST.first(session, enrolment_id=standing.enrolment_id, step_id=step_id)
    if found is None:
        raise NoOpenAttempt(step=step_id)
    return HeldAttempt(*found)


def start(session: Session, standing: Standing, view: EditionView, step: OutlineStep) -> Attempt:
    """Start an attempt, or go on with the one that is open.

    Raises:
        StepLocked: the quiz is not open yet.
        AttemptsUsedUp: no attempt is left.
        AlreadyPassed: there is nothing left to reach.
    """
    require_open(view, step, standing.records)
    rules = quiz_rules(step)
    earlier = attempts(session, standing, step.id)
    if rules.graded and standing.records.get(step.id):
        raise AlreadyPassed(step=step.id)
    if rules.attempts and len(earlier) >= rules.attempts:
        if earlier[-1].state == OPEN:
            return earlier[-1]
        raise AttemptsUsedUp(step=step.id)
    fresh = _new(session, standing, view, step, len(earlier) + 1)
    try:
        with session.begin_nested():
            session.add(fresh)
            session.flush()
    except IntegrityError as error:
        if not _taken(error):
            raise
        return open_attempt(session, standing, step.id)
    return fresh


def save(
    session: Session, attempt: Attempt | HeldAttempt, given: Mapping[str, Sequence[str]], *, grace: timedelta
) -> datetime:
    """Store what has been answered so far and return when.

    Args:
        session: a writing transaction.
        attempt: the open attempt, held (`held_attempt`).
        given: values by field name (`field_name`): a page is saved whole.
        grace: how long after the deadline a submission on its way is still taken.

    Raises:
        AttemptClosed: it was submitted already.
        TimeIsUp: its time has run out; nothing was stored.
        AnswerNotMeant: a value this attempt never gave out.
    """
    _require_unsubmitted(attempt)
    if is_late(attempt, grace):
        raise TimeIsUp(number=attempt.number)
    return _take(session, attempt, given)


def submit(
    session: Session,
    standing: Standing,
    attempt: Attempt | HeldAttempt,
    given: Mapping[str, Sequence[str]] | None,
    *,
    grace: timedelta,
) -> Submitted:
    """Grade an attempt, once. What was saved in time counts when the time has run out.

    Args:
        session: a writing transaction.
        standing: of the person, read in the same transaction.
        attempt: the open attempt, held (`held_attempt`) where answers are given.
        given: values by field name; None: only what was saved.
        grace: how long after the deadline a submission on its way is still taken.

    Raises:
        AttemptClosed: it was submitted already.
        AnswerNotMeant: a value this attempt never gave out.
    """
    _require_unsubmitted(attempt)
    late = is_late(attempt, grace)
    plan = planning.from_data(attempt.plan)
    taken = given is not None and not late
    answers = _read(plan, given or {}) if taken else _saved(session, attempt, plan)
    view = edition(session, attempt.edition_id)
    step = view.outline.step(attempt.step_id)
    assert step is not None  # noqa: S101 - an attempt is made from a step of this very edition
    earned, possible = _grade_all(session, attempt, plan, answers, view.outline.lang)
    total = sum(earned, Fraction(0))
    passed = reaches(total, possible, quiz_rules(step).pass_percent)
    _close(session, attempt, earned=total, possible=possible, passed=passed, taken=taken)
    store(session, attempt, answers, earned)
    _complete(session, standing, step, passed)
    return Submitted(attempt.number, total, possible, passed, late)


def reaches(earned: Fraction, possible: Fraction, pass_percent: Fraction) -> bool:
    """Whether a score reaches the mark: exact fractions, the mark itself included."""
    return earned * 100 >= pass_percent * possible


def is_late(attempt: Attempt | HeldAttempt, grace: timedelta = timedelta(0)) -> bool:
    """Whether an attempt's time, and the grace after it, have run out."""
    return attempt.deadline is not None and clock.now() > attempt.deadline + grace


def field_name(position: int) -> str:
    """The name of the form field for the question at a position of the plan."""
    return f"q-{position + 1}"


def _require_unsubmitted(attempt: Attempt | HeldAttempt) -> None:
    if attempt.state != OPEN:
        raise AttemptClosed(number=attempt.number)


def _take(session: Session, attempt: Attempt | HeldAttempt, given: Mapping[str, Sequence[str]]) -> datetime:
    before = answers_of(session, attempt)
    answers = _read(planning.from_data(attempt.plan), given)
    store(session, attempt, {place: said for place, said in answers.items() if before.get(place) != said})
    now = clock.now()
    _NOTE_SAVED.count(session, which=attempt.id, at=now)
    return now


def _read(plan: Plan, given: Mapping[str, Sequence[str]]) -> dict[int, dict[str, Any]]:
    """The answers to a plan, by position; a question that was not answered has an empty one."""
    return {
        position: planning.read_answer(planned, given.get(field_name(position), ()))
        for position, planned in enumerate(plan)
    }


def _saved(session: Session, attempt: Attempt | HeldAttempt, plan: Plan) -> dict[int, dict[str, Any]]:
    before = answers_of(session, attempt)
    return {position: before.get(position, {}) for position in range(len(plan))}


def _close(session: Session, attempt: Attempt | HeldAttempt, *, taken: bool, **result: Any) -> None:
    """Grade an attempt in the table, if it is open there, and in memory."""
    now = clock.now()
    result |= {"state": GRADED, "submitted_at": now, "saved_at": now if taken else attempt.saved_at}
    if not _CLOSE.count(session, which=attempt.id, **result):
        raise AttemptClosed(number=attempt.number)
    if isinstance(attempt, Attempt):
        for name, value in result.items():
            set_committed_value(attempt, name, value)


_RESULT = ("state", "submitted_at", "saved_at", "earned", "possible", "passed")
_NOTE_SAVED = Told(update(_TABLE).where(_TABLE.c.id == bindparam("which")).values(saved_at=bindparam("at")))
_CLOSE = Told(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("which"), _TABLE.c.state == OPEN)
    .values({name: bindparam(name) for name in _RESULT})
)


def _taken(error: IntegrityError) -> bool:
    return violates(error, "uq_attempt_open", "attempt.enrolment_id", "attempt.step_id") or violates(
        error,
        "uq_attempt_enrolment_id_step_id_number",
        "attempt.enrolment_id",
        "attempt.step_id",
        "attempt.number",
    )


def _new(session: Session, standing: Standing, view: EditionView, step: OutlineStep, number: int) -> Attempt:
    rules = quiz_rules(step)
    now = clock.now()
    return Attempt(
        enrolment_id=standing.enrolment_id,
        edition_id=view.id,
        step_id=step.id,
        number=number,
        state=OPEN,
        plan=planning.to_data(_plan(session, view, step)),
        started_at=now,
        deadline=None if rules.time is None else now + timedelta(seconds=rules.time),
    )


def _plan(session: Session, view: EditionView, step: OutlineStep) -> Plan:
    rules = quiz_rules(step)
    own = _drawables(session, view.id, step.id)
    banked = [drawable for source in rules.sources for drawable in _drawables(session, view.id, source)]
    return planning.make_plan(rules, own, banked)


def _drawables(session: Session, edition_id: int, holder: str) -> list[Drawable]:
    rows = session.execute(
        select(QuestionRow.question_id, QuestionRow.type, QuestionRow.shown)
        .where(QuestionRow.edition_id == edition_id, QuestionRow.holder == holder)
        .order_by(QuestionRow.position)
    )
    return [Drawable(holder, row.question_id, row.type, len(row.shown["choices"])) for row in rows]


def _grade_all(
    session: Session, attempt: Attempt | HeldAttempt, plan: Plan, answers: Answers, lang: str
) -> tuple[list[Fraction], Fraction]:
    """What the answer at each position earns, and what all could."""
    questions = questions_of(session, attempt, plan)
    earned = [
        grade(planned.type, question.key, answers[position], lang).share * question.points
        for position, (planned, question) in enumerate(zip(plan, questions, strict=True))
    ]
    return earned, sum((question.points for question in questions), Fraction(0))


def _complete(session: Session, standing: Standing, step: OutlineStep, passed: bool) -> None:
    record_quiz(session, standing, edition(session, standing.edition_id), step, passed=passed)
