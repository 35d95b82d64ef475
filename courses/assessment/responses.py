"""What was answered to an attempt, and the questions it asked: both by position in its plan."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.assessment.models import Attempt, Response
from courses.assessment.planning import Planned
from courses.catalogue.models import QuestionRow


def answers_of(session: Session, attempt: Attempt) -> dict[int, Any]:
    """What has been answered, by position in the plan."""
    rows = session.execute(
        select(Response.position, Response.answer).where(Response.attempt_id == attempt.id)
    )
    return dict(rows.all())


def responses(session: Session, attempt: Attempt, plan: Sequence[Planned]) -> list[Response]:
    """The response rows of an attempt, one for each position; those not stored yet are added."""
    rows = session.scalars(select(Response).where(Response.attempt_id == attempt.id))
    found = {row.position: row for row in rows}
    fresh = [
        Response(attempt_id=attempt.id, position=position, answer={})
        for position in range(len(plan))
        if position not in found
    ]
    session.add_all(fresh)
    found.update({row.position: row for row in fresh})
    return [found[position] for position in range(len(plan))]


def planned_rows(session: Session, attempt: Attempt, plan: Sequence[Planned]) -> list[QuestionRow]:
    """The question rows of a plan, in its order, in one query."""
    holders = {planned.holder for planned in plan}
    rows = session.scalars(
        select(QuestionRow).where(
            QuestionRow.edition_id == attempt.edition_id, QuestionRow.holder.in_(holders)
        )
    )
    found = {(row.holder, row.question_id): row for row in rows}
    return [found[planned.holder, planned.question_id] for planned in plan]
