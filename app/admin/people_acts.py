"""People, to look after: making, changing, disabling, codes, roles. Every act is in the trail, once."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.admin.people import units_in_reach
from app.admin.people_forms import PersonForm, unit_choices
from app.admin.views import blueprint
from app.extensions import db
from app.security import person, requires
from app.well_formed import row_id
from app.writing import say, writes
from courses.catalogue.models import CourseRow
from courses.errors import NotFound
from courses.people import changing, roles
from courses.people.models import Unit
from courses.people.persons import PersonExists, current_nip
from courses.people.reach import changeable, may_change, reached
from courses.people.roles import Role

Answer = Response | str | tuple[str, int]


class ScopeNotFound(NotFound):
    """There is no such unit or course to be responsible for."""


@blueprint.get("/people/new")
@requires("people.manage")
def new_person() -> Answer:
    """The empty form."""
    return _form_page(_form())


@blueprint.post("/people/new")
@requires("people.manage")
@writes
def make_person() -> Answer:
    """Make a person."""
    form = _form()
    if not form.validate():
        return _form_page(form)
    try:
        made = changing.make_person(db.session(), person(), form.details())
    except PersonExists as refusal:
        form.refuse(refusal)
        return _form_page(form)
    say(gettext("Tersimpan. Berikan kode aktivasi agar yang bersangkutan dapat masuk."))
    return redirect(url_for("admin.person_page", id=made), 303)


@blueprint.get("/people/<int:id>/edit")
@requires("people.manage")
def edit_person(id: int) -> Answer:
    """The form with what is said of a person."""
    found = reached(db.session(), person(), id)
    if not may_change(db.session(), person(), id):
        return redirect(url_for("admin.person_page", id=id), 303)
    form = _form(
        data={
            "name": found.name,
            "nip": current_nip(db.session(), id),
            "email": found.email,
            "rank": found.rank,
            "grade": found.grade,
            "position": found.position,
            "unit": str(found.unit_id or ""),
        }
    )
    return _form_page(form, id)


@blueprint.post("/people/<int:id>/edit")
@requires("people.manage")
@writes
def change_person(id: int) -> Answer:
    """Change what is said of a person."""
    changeable(db.session(), person(), id)
    form = _form()
    if not form.validate():
        return _form_page(form, id)
    try:
        changing.change_person(db.session(), person(), id, form.details())
    except PersonExists as refusal:
        form.refuse(refusal)
        return _form_page(form, id)
    say(gettext("Perubahan tersimpan."))
    return _back(id)


@blueprint.post("/people/<int:id>/disable")
@requires("people.manage")
@writes
def disable_person(id: int) -> Response:
    """Shut a person out."""
    changing.disable(db.session(), person(), id)
    say(gettext("Akun dinonaktifkan. Semua sesinya sudah berakhir."))
    return _back(id)


@blueprint.post("/people/<int:id>/enable")
@requires("people.manage")
@writes
def enable_person(id: int) -> Response:
    """Let a person in again."""
    changing.enable(db.session(), person(), id)
    say(gettext("Akun aktif kembali."))
    return _back(id)


@blueprint.post("/people/<int:id>/roles")
@requires("people.grant")
@writes
def grant_role(id: int) -> Response:
    """Give a person a role."""
    session = db.session()
    changeable(session, person(), id)
    name = request.form.get("role", "")
    unit_id = request.form.get("unit", type=row_id) if name == "office_admin" else None
    course_id = request.form.get("course", type=row_id) if name == "instructor" else None
    for table, scope in ((Unit, unit_id), (CourseRow, course_id)):
        if scope is not None and session.scalar(select(table.id).where(table.id == scope)) is None:
            raise ScopeNotFound(scope=scope)
    roles.grant(session, id, Role(name, unit_id, course_id), by=person().id)
    say(gettext("Peran diberikan."))
    return _back(id)


@blueprint.post("/people/<int:id>/roles/<int:grant>/take")
@requires("people.grant")
@writes
def take_role(id: int, grant: int) -> Response:
    """Take a role from a person."""
    roles.take(db.session(), id, grant, by=person().id)
    say(gettext("Peran dicabut."))
    return _back(id)


def _form(**values: object) -> PersonForm:
    form = PersonForm(**values)
    form.unit.choices = unit_choices(units_in_reach(), empty=person().is_admin)
    return form


def _form_page(form: PersonForm, person_id: int | None = None) -> Answer:
    page = render_template("admin/person_form.html", form=form, person_id=person_id)
    return (page, 422) if form.errors else page


def _back(person_id: int) -> Response:
    return redirect(url_for("admin.person_page", id=person_id), 303)
