"""Making people: with their numbers, units and roles, in one step."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses import clock
from courses.database import insert_if_absent, violates
from courses.errors import Conflict
from courses.people.finding import word_rows
from courses.people.models import Person, PersonNumber, PersonWord, RoleGrant, Unit

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")  # not every column takes them


class PersonExists(Conflict):
    """Somebody has that NIP or e-mail address already."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be made.

    `nip` as 18 digits (`nip.parse_nip`) or None; `password_hash` from `passwords`; `unit` by its name, made
    when it is not there, or `unit_id`; `roles` without an office or a course.
    """

    name: str
    nip: str | None = None
    email: str | None = None
    password_hash: str | None = None
    rank: str = ""
    grade: str = ""
    position: str = ""
    unit: str | None = None
    unit_id: int | None = None
    roles: tuple[str, ...] = ()


def create_person(session: Session, new: NewPerson) -> int:
    """Make a person and return their id.

    Raises:
        PersonExists: the NIP or the e-mail address is taken.
    """
    return create_people(session, [new])[0]


def create_people(session: Session, people: Sequence[NewPerson]) -> list[int]:
    """Make people, all or none, and return their ids in the same order.

    Raises:
        PersonExists: a NIP or an e-mail address is taken; whose, it says when there is one person.
    """
    now = clock.now()
    made = [(_person(session, new, now), new) for new in people]
    try:
        with session.begin_nested():
            session.add_all(person for person, _ in made)
            session.flush()
            session.add_all(
                PersonNumber(person_id=person.id, number=new.nip, started_at=now)
                for person, new in made
                if new.nip
            )
            session.add_all(
                RoleGrant(person_id=person.id, role=role, granted_at=now)
                for person, new in made
                for role in new.roles
            )
            session.flush()
            words = [row for person, new in made for row in word_rows(person, [new.nip] if new.nip else [])]
            if words:
                session.execute(insert(PersonWord), words)
    except IntegrityError as error:
        if not taken(error):
            raise
        facts = {"nip": people[0].nip, "email": people[0].email} if len(people) == 1 else {}
        raise PersonExists(**facts) from error
    return [person.id for person, _ in made]


def _person(session: Session, new: NewPerson, now: datetime) -> Person:
    return Person(
        name=new.name,
        email=normalised(new.email) if new.email else None,
        password_hash=new.password_hash,
        rank=new.rank,
        grade=new.grade,
        position=new.position,
        unit_id=_unit_id(session, new.unit) if new.unit else new.unit_id,
        created_at=now,
    )


def current_nip(session: Session, person_id: int) -> str:
    """The number a person has now; empty when they have none."""
    number = select(PersonNumber.number).where(
        PersonNumber.person_id == person_id, PersonNumber.ended_at.is_(None)
    )
    return session.scalar(number) or ""


def normalised(identifier: str) -> str:
    """A name as it is stored: digits of a NIP without spaces or dots, an e-mail address in lower case.

    What is no text stays in its place as a mark: it must not fall out and leave another person's name.
    """
    compact = _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", identifier).strip().replace(" ", "")
    digits = compact.replace(".", "")
    return digits if digits.isascii() and digits.isdigit() else compact.lower()


def taken(error: IntegrityError) -> bool:
    """Whether an error says that a NIP or an e-mail address belongs to somebody else."""
    return violates(error, "uq_person_email", "person.email") or violates(
        error, "uq_person_number_number", "person_number.number"
    )


def _unit_id(session: Session, name: str) -> int:
    """The id of a unit, made now unless it is there: two people of a new unit may come at once."""
    insert_if_absent(session, Unit, {"name": name})
    return session.scalars(select(Unit.id).where(Unit.name == name)).one()
