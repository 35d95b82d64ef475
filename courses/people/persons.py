"""Making people: a person with their number, unit and roles, in one step."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses import clock
from courses.errors import Conflict
from courses.people.models import Person, PersonNumber, RoleGrant, Unit


class PersonExists(Conflict):
    """Somebody has that NIP or e-mail address already."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be made. `nip` as 18 digits (`nip.parse_nip`) or None; `password_hash` from `passwords`."""

    name: str
    nip: str | None = None
    email: str | None = None
    password_hash: str | None = None
    rank: str = ""
    grade: str = ""
    position: str = ""
    unit: str | None = None
    roles: tuple[str, ...] = ()


def create_person(session: Session, new: NewPerson) -> int:
    """Make a person and return their id.

    Raises:
        PersonExists: the NIP or the e-mail address is taken.
    """
    now = clock.now()
    person = Person(
        name=new.name,
        email=new.email.lower() if new.email else None,
        password_hash=new.password_hash,
        rank=new.rank,
        grade=new.grade,
        position=new.position,
        unit_id=_unit(session, new.unit).id if new.unit else None,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
            if new.nip:
                session.add(PersonNumber(person_id=person.id, number=new.nip, started_at=now))
            session.add_all(RoleGrant(person_id=person.id, role=role, granted_at=now) for role in new.roles)
    except IntegrityError as error:
        raise PersonExists(nip=new.nip, email=new.email) from error
    return person.id


def current_nip(session: Session, person_id: int) -> str:
    """The number a person has now; empty when they have none."""
    number = select(PersonNumber.number).where(
        PersonNumber.person_id == person_id, PersonNumber.ended_at.is_(None)
    )
    return session.scalar(number) or ""


def _unit(session: Session, name: str) -> Unit:
    unit = session.scalars(select(Unit).where(Unit.name == name)).first()
    if unit is None:
        unit = Unit(name=name)
        session.add(unit)
        session.flush()
    return unit
