"""Who looked at whose page, and when: the answer to a person's question who saw their data."""

from sqlalchemy.orm import Session

from courses import clock
from courses.people.models import AccessEntry


def note_access(session: Session, actor_id: int, person_id: int) -> None:
    """Note that somebody looked at a person's page."""
    session.add(AccessEntry(actor_id=actor_id, person_id=person_id, at=clock.now()))
    session.flush()
