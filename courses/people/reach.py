"""Whom a person may look after: everyone, or the people of their offices. Rows are fetched through this.

Who is out of reach answers like nobody. An office admin sees people who hold a role but does not change
them: with a new code for an admin's account, they could become that admin.
"""

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from courses.errors import Forbidden, NotFound
from courses.people.models import Person, RoleGrant, Unit
from courses.people.sessions import SignedIn
from courses.people.units import UnitNotFound, below


class PersonNotFound(NotFound):
    """There is no such person, or they are not within reach."""


class HoldsRole(Forbidden):
    """The person holds a role: only an admin may change their account."""


def within_reach(who: SignedIn) -> ColumnElement[bool]:
    """The condition for people that somebody may look after."""
    return true() if who.is_admin else Person.unit_id.in_(below(who.offices))


def reached(session: Session, who: SignedIn, person_id: int) -> Person:
    """A person whom somebody may look at.

    Raises:
        PersonNotFound: there is none, or not for them.
    """
    wanted = select(Person).where(Person.id == person_id, within_reach(who))
    person = session.scalars(wanted).one_or_none()
    if person is None:
        raise PersonNotFound(person=person_id)
    return person


def changeable(session: Session, who: SignedIn, person_id: int) -> Person:
    """A person whom somebody may change, locked until the commit.

    Raises:
        PersonNotFound: there is none, or not for them.
        HoldsRole: they may look, no more.
    """
    wanted = select(Person).where(Person.id == person_id, within_reach(who)).with_for_update(of=Person)
    person = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if person is None:
        raise PersonNotFound(person=person_id)
    if not may_change(session, who, person_id):
        raise HoldsRole(person=person_id)
    return person


def may_change(session: Session, who: SignedIn, person_id: int) -> bool:
    """Whether somebody may change a person within their reach."""
    held = select(RoleGrant.id).where(RoleGrant.person_id == person_id).limit(1)
    return who.is_admin or session.scalar(held) is None


def check_unit(session: Session, who: SignedIn, unit_id: int | None) -> None:
    """Refuse a unit that somebody may not put people into; without one, only admins may leave them.

    Raises:
        UnitNotFound: it is not theirs.
    """
    if who.is_admin:
        return
    mine = select(Unit.id).where(Unit.id == unit_id, Unit.id.in_(below(who.offices)))
    if session.scalar(mine) is None:
        raise UnitNotFound(unit=unit_id)
