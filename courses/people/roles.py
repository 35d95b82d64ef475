"""Granting and taking roles: only admins do, and the last admin stays one."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses import audit, clock
from courses.database import insert_if_absent
from courses.errors import Conflict, Invalid, NotFound
from courses.people.models import Person, RoleGrant, Unit
from courses.people.sessions import ADMIN, INSTRUCTOR, OFFICE_ADMIN

ROLES = (ADMIN, OFFICE_ADMIN, INSTRUCTOR)


class LastAdmin(Conflict):
    """Somebody must be left who can give roles."""


class ScopeMissing(Invalid):
    """An office admin needs an office, an instructor a course, an admin neither."""


class GrantNotFound(NotFound):
    """The person does not hold that role."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role to be held: `unit_id` for an office admin, `course_id` for an instructor."""

    name: str
    unit_id: int | None = None
    course_id: int | None = None

    def __post_init__(self) -> None:
        given = (self.unit_id is not None, self.course_id is not None)
        if given != (self.name == OFFICE_ADMIN, self.name == INSTRUCTOR) or self.name not in ROLES:
            raise ScopeMissing(role=self.name)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds."""

    id: int
    name: str
    unit_name: str
    course_id: int | None


def grant(session: Session, person_id: int, role: Role, *, by: int) -> None:
    """Give a person a role; to give it twice changes nothing."""
    values = {
        "person_id": person_id,
        "role": role.name,
        "unit_id": role.unit_id,
        "course_id": role.course_id,
        "granted_at": clock.now(),
    }
    if insert_if_absent(session, RoleGrant, values):
        audit.record(
            session,
            "role.grant",
            ("person", person_id),
            actor_id=by,
            role=role.name,
            unit=role.unit_id,
            course=role.course_id,
        )


def take(session: Session, person_id: int, grant_id: int, *, by: int) -> None:
    """Take a role from a person.

    Raises:
        GrantNotFound: they do not hold it.
        LastAdmin: nobody else could give roles.
    """
    held = session.get(RoleGrant, grant_id)
    if held is None or held.person_id != person_id:
        raise GrantNotFound(grant=grant_id)
    if held.role == ADMIN:
        keep_an_admin(session, person_id)
    session.delete(held)
    session.flush()
    audit.record(
        session,
        "role.take",
        ("person", person_id),
        actor_id=by,
        role=held.role,
        unit=held.unit_id,
        course=held.course_id,
    )


def held_roles(session: Session, person_id: int) -> list[HeldRole]:
    """The roles of a person, admin first."""
    rows = session.execute(
        select(RoleGrant.id, RoleGrant.role, Unit.name, RoleGrant.course_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.role, RoleGrant.id)
    )
    return [HeldRole(grant_id, role, unit or "", course_id) for grant_id, role, unit, course_id in rows]


def keep_an_admin(session: Session, person_id: int) -> None:
    """Refuse when no other admin who can sign in would be left; the admins are locked until the commit.

    Raises:
        LastAdmin: there is none.
    """
    admins = select(RoleGrant.person_id).where(RoleGrant.role == ADMIN).order_by(RoleGrant.id)
    ids = set(session.scalars(admins.with_for_update())) - {person_id}
    able = select(func.count()).where(Person.id.in_(ids), Person.disabled_at.is_(None))
    if not session.scalar(able):
        raise LastAdmin
