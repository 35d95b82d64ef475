"""Who looked at whose page, and when: the answer to a person's question who saw their data."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses import clock
from courses.people.models import AccessEntry, Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked: who, and when."""

    id: int
    actor_id: int
    actor_name: str
    at: datetime


def note_access(session: Session, actor_id: int, person_id: int) -> None:
    """Note that somebody looked at a person's page."""
    session.add(AccessEntry(actor_id=actor_id, person_id=person_id, at=clock.now()))
    session.flush()


def looks_at(session: Session, person_id: int, before: int | None = None) -> list[Look]:
    """A page of looks at a person's page, the latest first; one more than `PAGE` when there are more.

    Args:
        session: a session.
        person_id: whose page.
        before: the id of the last look of the page before.
    """
    wanted = (
        select(AccessEntry.id, AccessEntry.actor_id, Person.name, AccessEntry.at)
        .join(Person, Person.id == AccessEntry.actor_id)
        .where(AccessEntry.person_id == person_id)
        .order_by(AccessEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(AccessEntry.id < before)
    return [Look(*row) for row in session.execute(wanted)]
