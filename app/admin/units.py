"""The tree of offices and units, for admins: read it, add to it, rename in it."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.admin.people_forms import unit_choices
from app.admin.views import blueprint
from app.extensions import db
from app.security import person, requires
from app.well_formed import row_id
from app.writing import say, writes
from courses.people.units import UnitExists, add_unit, rename_unit, tree

LONGEST = 150


@blueprint.get("/units")
@requires("units.manage")
def units() -> str:
    """The tree, with a form at each unit."""
    return _page()


@blueprint.post("/units")
@requires("units.manage")
@writes
def save_unit() -> Response | tuple[str, int]:
    """Add a unit, or give one another name."""
    name = " ".join(request.form.get("name", "").split())
    if not name or len(name) > LONGEST:
        return _page(gettext("Isi nama unit, paling banyak 150 karakter.")), 422
    unit_id = request.form.get("unit", type=row_id)
    try:
        if unit_id is None:
            add_unit(db.session(), name, request.form.get("parent", type=row_id), by=person().id)
        else:
            rename_unit(db.session(), unit_id, name, by=person().id)
    except UnitExists:
        return _page(gettext("Sudah ada unit bernama %(name)s.", name=name)), 422
    say(gettext("Unit kerja tersimpan."))
    return redirect(url_for("admin.units"), 303)


def _page(error: str | None = None) -> str:
    lines = tree(db.session())
    typed = request.form.get("name", "") if error else ""
    return render_template(
        "admin/units.html", units=lines, choices=unit_choices(lines, empty=False), error=error, typed=typed
    )
