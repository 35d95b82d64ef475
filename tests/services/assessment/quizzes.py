"""A course of one exam, and a learner who starts it, saves, and hands it in: what tests of quizzes share."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.extensions import db
from courses.assessment import planning
from courses.assessment.models import Attempt
from courses.assessment.responses import answers_of
from courses.assessment.taking import (
    HeldAttempt,
    Submitted,
    attempts,
    field_name,
    held_attempt,
    mark,
    save,
    start,
    submit,
)
from courses.authoring.course import Course, Order
from courses.catalogue.editions import edition
from courses.learning.enrolling import Standing, standing
from tests.people import Somebody
from tests.services.crowd import writing
from tests.services.editions import course, exam

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
GRACE = timedelta(seconds=10)
SECOND = timedelta(seconds=1)
LIMIT = timedelta(minutes=15)
Given = dict[str, list[str]]
RIGHT = {"asli": [1], "pemicu": [0, 2], "tahun": "2", "singkatan": "berakhlak"}
WRONG = {"asli": [0], "pemicu": [1], "tahun": "3", "singkatan": "akhlak"}


def arsip(**rules) -> Course:
    return course("arsip", exam("ujian", **rules), order=Order.FREE)


def where(session: Session, who: Somebody) -> Standing:
    return standing(session, who.id, "arsip")


def started(session: Session, who: Somebody, step: str = "ujian") -> Attempt:
    place = where(session, who)
    view = edition(session, place.edition_id)
    found = view.outline.step(step)
    assert found is not None
    return start(session, place, view, found)


def filled(attempt: Attempt | HeldAttempt, answers: dict, *only: str) -> Given:
    """The fields of the page with these answers, by question id; only these questions, if any are named."""
    given: Given = {}
    for position, planned in enumerate(planning.from_data(attempt.plan)):
        answer = answers[planned.question_id]
        if only and planned.question_id not in only:
            continue
        names = dict(zip(planned.order, planned.tokens, strict=True))
        given[field_name(position)] = [answer] if isinstance(answer, str) else [names[n] for n in answer]
    return given


def saved(session: Session, who: Somebody, answers: dict, *only: str) -> datetime:
    attempt = held_attempt(session, where(session, who), "ujian")
    return save(session, attempt, filled(attempt, answers, *only), grace=GRACE)


def handed_in(session: Session, who: Somebody, answers: dict | None, *only: str) -> Submitted:
    attempt = held_attempt(session, where(session, who), "ujian")
    marked = None if answers is None else mark(session, attempt, filled(attempt, answers, *only))
    return submit(session, where(session, who), attempt, marked, grace=GRACE)


def begun(who: Somebody) -> int:
    return writing(lambda session: started(session, who).number)


def kept(who: Somebody, number: int = 1) -> dict[str, dict]:
    """What is stored for an attempt, by question id."""
    with Session(db.engine) as session:
        attempt = attempts(session, where(session, who), "ujian")[number - 1]
        answers = answers_of(session, attempt)
        return {
            planned.question_id: answers.get(position, {})
            for position, planned in enumerate(planning.from_data(attempt.plan))
        }


def tried(who: Somebody) -> list[Attempt]:
    with Session(db.engine) as session:
        return list(attempts(session, where(session, who), "ujian"))
