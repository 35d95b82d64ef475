"""People for tests: keyword defaults, signed in by a row and a cookie, without waiting for argon2."""

import re
from dataclasses import dataclass
from functools import cache

from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from courses.catalogue.models import CourseRow
from courses.database import begin_writing
from courses.people import roles
from courses.people.models import Unit
from courses.people.passwords import hash_password
from courses.people.persons import NewPerson, create_person
from courses.people.sessions import open_session

PASSWORD = "rahasia-sekali"


@dataclass(frozen=True)
class Somebody:
    """A person of a test."""

    id: int
    name: str
    nip: str
    email: str


def make(name: str, *, nip: str, email: str, admin: bool = False, unit: str = "Dinas Pendidikan") -> Somebody:
    """Make a person and commit."""
    begin_writing(db.session())
    new = NewPerson(
        name=name,
        nip=nip,
        email=email,
        password_hash=_hashed(),
        rank="Penata Tk. I",
        grade="III/d",
        position="Guru Ahli Muda",
        unit=unit,
        roles=("admin",) if admin else (),
    )
    person_id = create_person(db.session(), new)
    db.session.commit()
    return Somebody(person_id, name, nip, email)


def grant(who: Somebody, role: str, *, unit: str = "", course: str = "") -> None:
    """Give a person a role and commit."""
    begin_writing(db.session())
    unit_id = db.session.scalar(select(Unit.id).where(Unit.name == unit))
    course_id = db.session.scalar(select(CourseRow.id).where(CourseRow.slug == course))
    roles.grant(db.session(), who.id, roles.Role(role, unit_id, course_id), by=0)
    db.session.commit()


def sign_in(client: FlaskClient, who: Somebody) -> FlaskClient:
    """Give the client a session of a person, as signing in would."""
    begin_writing(db.session())
    token = open_session(db.session(), who.id, 30)
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the first form that writes on a page."""
    found = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', html))
    return {name: value for name, value in found.items() if name in {"csrf_token", "operation", "opened"}}


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)
