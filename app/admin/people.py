"""People, to look at: the list with search and filters in the address, and a person's page.

Every look at a page of a person is noted, in a transaction of its own.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from sqlalchemy import select

from app.admin.people_forms import read_nip, unit_choices
from app.admin.views import blueprint
from app.extensions import db
from app.security import person, requires
from app.well_formed import row_id
from courses.catalogue.models import CourseRow
from courses.database import begin_writing
from courses.people.access import note_access
from courses.people.finding import PAGE, STATES, Sought, find, state_of
from courses.people.models import Person, PersonNumber, Unit
from courses.people.nip import BadNip, masked
from courses.people.reach import may_change, reached
from courses.people.roles import ROLES, HeldRole, held_roles
from courses.people.units import UnitLine, tree


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number a person has or had. `status` is PNS or PPPK."""

    masked: str
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person on their page."""

    id: int
    name: str
    email: str
    rank: str
    grade: str
    position: str
    unit_name: str
    state: str
    numbers: tuple[NumberLine, ...]
    roles: tuple[HeldRole, ...]
    may_change: bool


def units_in_reach() -> list[UnitLine]:
    """The units whose people the person at hand looks after."""
    who = person()
    return tree(db.session(), None if who.is_admin else who.offices)


@blueprint.get("/people")
@requires("people.manage")
def people() -> str:
    """Look for people."""
    role, state = request.args.get("role", ""), request.args.get("state", "")
    sought = Sought(
        text=" ".join(request.args.get("q", "")[:200].split()),
        unit_id=request.args.get("unit", type=row_id),
        role=role if role in ROLES else "",
        state=state if state in STATES else "",
    )
    found = find(db.session(), person(), sought, request.args.get("after", type=row_id))
    return render_template(
        "admin/people.html",
        people=found[:PAGE],
        masked=masked,
        sought=sought,
        units=unit_choices(units_in_reach(), empty=False),
        next_key=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@blueprint.get("/people/<int:id>")
@requires("people.manage")
def person_page(id: int) -> str:
    """A person: what is said of them, their numbers, their roles, and what can be done."""
    session = db.session()
    shown = _page_of(reached(session, person(), id))
    courses = session.execute(select(CourseRow.id, CourseRow.slug).order_by(CourseRow.slug)).all()
    values = {
        "units": unit_choices(units_in_reach(), empty=False),
        "courses": [tuple(row) for row in courses],
    }
    session.rollback()
    begin_writing(session)
    note_access(session, person().id, id)
    session.commit()
    return render_template("admin/person.html", person=shown, **values)


def _page_of(found: Person) -> PersonPage:
    session = db.session()
    unit = session.get(Unit, found.unit_id) if found.unit_id else None
    numbers = select(PersonNumber).where(PersonNumber.person_id == found.id).order_by(PersonNumber.id.desc())
    return PersonPage(
        id=found.id,
        name=found.name,
        email=found.email or "",
        rank=found.rank,
        grade=found.grade,
        position=found.position,
        unit_name=unit.name if unit else "",
        state=state_of(found),
        numbers=tuple(_line(number) for number in session.scalars(numbers)),
        roles=tuple(held_roles(session, found.id)),
        may_change=may_change(session, person(), found.id),
    )


def _line(number: PersonNumber) -> NumberLine:
    try:
        status = read_nip(number.number).status
    except BadNip:  # brought in before the rules of today
        status = ""
    return NumberLine(masked(number.number), status, number.started_at, number.ended_at)
