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
from courses.asking import Asked, Asker, Told
from courses.assessment import planning
from courses.assessment.grading import grade, total, worth
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
class Marked:
    """Answers by position, what each of them earned, and what all could earn."""

    answers: Answers
    earned: tuple[Fraction, ...]
    possible: Fraction


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
_LATEST = (
    select(*(_TABLE.c[field.name] for field in fields(HeldAttempt)))
    .where(
        _TABLE.c.enrolment_id == bindparam("enrolment_id"),
        _TABLE.c.step_id == bindparam("step_id"),
    )
    .order_by(_TABLE.c.number.desc())
    .limit(literal_column("1"))
)
_SEEN, _HELD = Asked(_LATEST), Asked(_LATEST.with_for_update())


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


def latest_attempt(session: Asker, standing: Standing, step_id: str) -> HeldAttempt:
    """The latest attempt at a quiz, as it is at this moment.

    Raises:
        NoOpenAttempt: nothing has been tried.
    """
    return _latest(_SEEN, session, standing, step_id)


def held_attempt(session: Session, standing: Standing, step_id: str) -> HeldAttempt:
    """The latest attempt at a quiz, held until the transaction ends: two tabs write one after the other.

    Raises:
        NoOpenAttempt: nothing has been tried.
    """
    return _latest(_HELD, session, standing, step_id)


def _latest(asked: Asked, session: Asker, standing: Standing, step_id: str) -> HeldAttempt:
    found = asked.first(session, enrolment_id=standing.enrolment_id, step_id=step_id)
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


def mark(session: Session, attempt: Attempt | HeldAttempt, given: Mapping[str, Sequence[str]]) -> Marked:
    """Grade what was given, and write nothing.

    All that this reads was fixed when the attempt began, so it may be done before the transaction that hands
    the attempt in: nobody waits for it.

    Args:
        session: any.
        attempt: whose plan the answers are to.
        given: values by field name.

    Raises:
        AnswerNotMeant: a value this attempt never gave out.
    """
    plan = planning.from_data(attempt.plan)
    return _mark(session, attempt, plan, _read(plan, given))


def submit(
    session: Session,
    standing: Standing,
    attempt: Attempt | HeldAttempt,
    marked: Marked | None,
    *,
    grace: timedelta,
) -> Submitted:
    """Close an attempt, once. What was saved in time counts when the time has run out.

    Args:
        session: a writing transaction.
        standing: of the person; read before the transaction, the attempt counts for the edition of then.
        attempt: the open attempt, as it was seen: if it is closed by now, it stays as it was closed.
        marked: from `mark`; None: only what was saved.
        grace: how long after the deadline a submission on its way is still taken.

    Raises:
        AttemptClosed: it was submitted already.
    """
    _require_unsubmitted(attempt)
    late = is_late(attempt, grace)
    taken = marked is not None and not late
    if marked is None or late:
        marked = _mark_saved(session, standing, attempt)
    view = edition(session, attempt.edition_id)
    step = view.outline.step(attempt.step_id)
    assert step is not None  # noqa: S101 - an attempt is made from a step of this very edition
    earned = total(marked.earned)
    passed = reaches(earned, marked.possible, quiz_rules(step).pass_percent)
    _close(session, attempt, earned=earned, possible=marked.possible, passed=passed, taken=taken)
    store(session, attempt, marked.answers, marked.earned)
    _complete(session, standing, step, passed)
    return Submitted(attempt.number, earned, marked.possible, passed, late)


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


def _mark_saved(session: Session, standing: Standing, attempt: Attempt | HeldAttempt) -> Marked:
    held_attempt(session, standing, attempt.step_id)  # another tab may be saving at this moment
    plan, saved = planning.from_data(attempt.plan), answers_of(session, attempt)
    return _mark(session, attempt, plan, {position: saved.get(position, {}) for position in range(len(plan))})


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


def _mark(session: Session, attempt: Attempt | HeldAttempt, plan: Plan, answers: Answers) -> Marked:
    questions, lang = questions_of(session, attempt, plan), edition(session, attempt.edition_id).outline.lang
    earned = tuple(
        worth(grade(planned.type, question.key, answers[position], lang), question.points)
        for position, (planned, question) in enumerate(zip(plan, questions, strict=True))
    )
    return Marked(answers, earned, total(question.points for question in questions))


def _complete(session: Session, standing: Standing, step: OutlineStep, passed: bool) -> None:
    record_quiz(session, standing, edition(session, standing.edition_id), step, passed=passed)
