"""What was answered to an attempt, and the questions it asked: both by position in its plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from courses.asking import Told, engine_name
from courses.assessment.models import Response
from courses.assessment.planning import Planned
from courses.catalogue.editions import Memory
from courses.catalogue.models import QuestionRow
from courses.database import insert_on

Answers = Mapping[int, dict[str, Any]]


class Begun(Protocol):
    """An attempt, as far as its questions and answers go: its row, or what `taking` holds of it."""

    @property
    def id(self) -> int:
        """Of the row."""

    @property
    def edition_id(self) -> int:
        """Under which it was started."""

    @property
    def plan(self) -> Any:
        """A `planning.Plan` as plain data."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an edition, key and all: for grading and looking back, never for asking."""

    points: Fraction
    shown: dict[str, Any]
    key: dict[str, Any]


_questions: Memory[dict[str, Question]] = Memory(256)
_response, _question = Response.__table__.c, QuestionRow.__table__.c
_ANSWERS = select(_response.position, _response.answer).where(_response.attempt_id == bindparam("attempt_id"))
_HELD = select(_question.question_id, _question.points, _question.shown, _question.key).where(
    _question.edition_id == bindparam("edition_id"), _question.holder == bindparam("holder")
)


def answers_of(session: Session, attempt: Begun) -> dict[int, Any]:
    """What has been answered, by position in the plan."""
    return dict(session.execute(_ANSWERS, {"attempt_id": attempt.id}).all())


def store(
    session: Session, attempt: Begun, answers: Answers, earned: Sequence[Fraction] | None = None
) -> None:
    """Store answers, stored before or not, and what each earned once it is graded."""
    if not answers:
        return
    rows = [
        {
            "attempt_id": attempt.id,
            "position": position,
            "answer": answer,
            "earned": None if earned is None else earned[position],
        }
        for position, answer in answers.items()
    ]
    _put(engine_name(session)).rows(session, rows)


@cache
def _put(engine: str) -> Told:
    row: dict[str, Any] = {name: bindparam(name) for name in ("attempt_id", "position", "answer", "earned")}
    wanted = insert_on(engine)(Response.__table__).values(row)
    said = {"answer": wanted.excluded.answer, "earned": wanted.excluded.earned}
    return Told(wanted.on_conflict_do_update(index_elements=["attempt_id", "position"], set_=said))


def questions_of(session: Session, attempt: Begun, plan: Sequence[Planned]) -> list[Question]:
    """The questions of a plan, in its order; from memory where they can be: editions never change."""
    edition_id = attempt.edition_id
    held = {holder: _read(session, edition_id, holder) for holder in {planned.holder for planned in plan}}
    return [held[planned.holder][planned.question_id] for planned in plan]


def _read(session: Session, edition_id: int, holder: str) -> dict[str, Question]:
    def read() -> dict[str, Question]:
        rows = session.execute(_HELD, {"edition_id": edition_id, "holder": holder})
        return {name: Question(points, shown, key) for name, points, shown, key in rows}

    return _questions.get((edition_id, holder), read)
