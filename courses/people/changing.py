"""Looking after people: making, changing, disabling and enabling them, each act in the trail.

A new number ends the old one; a disabled person is signed out everywhere at once.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses import audit, clock
from courses.errors import Conflict
from courses.people.finding import keep_words
from courses.people.models import PersonNumber
from courses.people.persons import NewPerson, PersonExists, create_person, current_nip, normalised, taken
from courses.people.reach import changeable, check_unit
from courses.people.roles import keep_an_admin
from courses.people.sessions import SignedIn, close_all


class NotYourself(Conflict):
    """Nobody disables their own account."""


@dataclass(frozen=True, slots=True)
class Details:
    """What can be said of a person: `name` cleaned, `nip` as 18 digits or empty, `email` or empty."""

    name: str
    nip: str = ""
    email: str = ""
    rank: str = ""
    grade: str = ""
    position: str = ""
    unit_id: int | None = None


def make_person(session: Session, who: SignedIn, details: Details) -> int:
    """Make a person who can choose a password with a code.

    Raises:
        PersonExists: the number or the address is taken.
        UnitNotFound: not a unit of theirs who asks.
    """
    check_unit(session, who, details.unit_id)
    new = NewPerson(
        name=details.name,
        nip=details.nip or None,
        email=details.email or None,
        rank=details.rank,
        grade=details.grade,
        position=details.position,
        unit_id=details.unit_id,
    )
    person_id = create_person(session, new)
    audit.record(session, "person.create", ("person", person_id), actor_id=who.id)
    return person_id


def change_person(session: Session, who: SignedIn, person_id: int, details: Details) -> None:
    """Change what is said of a person.

    Raises:
        PersonNotFound, HoldsRole: not theirs to change.
        PersonExists: the number or the address is somebody else's.
        UnitNotFound: not a unit of theirs who asks.
    """
    person = changeable(session, who, person_id)
    check_unit(session, who, details.unit_id)
    said = {
        "name": details.name,
        "email": normalised(details.email) or None,
        "rank": details.rank,
        "grade": details.grade,
        "position": details.position,
        "unit_id": details.unit_id,
    }
    changed = [field for field, value in said.items() if getattr(person, field) != value]
    if details.nip != current_nip(session, person_id):
        changed.append("nip")
    try:
        with session.begin_nested():
            for field, value in said.items():
                setattr(person, field, value)
            if "nip" in changed:
                _give_number(session, person_id, details.nip)
            session.flush()
    except IntegrityError as error:
        if not taken(error):
            raise
        raise PersonExists(nip=details.nip, email=details.email) from error
    keep_words(session, person)
    audit.record(session, "person.change", ("person", person_id), actor_id=who.id, fields=changed)


def disable(session: Session, who: SignedIn, person_id: int) -> None:
    """Shut a person out, from this moment on.

    Raises:
        PersonNotFound, HoldsRole: not theirs to change.
        NotYourself: it is their own account.
        LastAdmin: nobody else could give roles.
    """
    person = changeable(session, who, person_id)
    if person_id == who.id:
        raise NotYourself
    keep_an_admin(session, person_id)
    person.disabled_at = clock.now()
    close_all(session, person_id)
    session.flush()
    audit.record(session, "person.disable", ("person", person_id), actor_id=who.id)


def enable(session: Session, who: SignedIn, person_id: int) -> None:
    """Let a person in again.

    Raises:
        PersonNotFound, HoldsRole: not theirs to change.
    """
    changeable(session, who, person_id).disabled_at = None
    session.flush()
    audit.record(session, "person.enable", ("person", person_id), actor_id=who.id)


def _give_number(session: Session, person_id: int, nip: str) -> None:
    """End the number a person has; begin the new one, or the one they had before."""
    now = clock.now()
    numbers = session.scalars(select(PersonNumber).where(PersonNumber.person_id == person_id)).all()
    for number in numbers:
        number.ended_at = number.ended_at or now
    session.flush()
    before = next((number for number in numbers if number.number == nip), None)
    if before is not None:
        before.ended_at = None
    elif nip:
        session.add(PersonNumber(person_id=person_id, number=nip, started_at=now))
    session.flush()
