"""Codes for people who cannot sign in yet, or any more: a sheet for an office, a slip for one person.

A code can be read once, on the page that made it: the table holds its hash.
"""

from collections.abc import Sequence

from flask import Response, render_template, request, url_for

from app.admin.people import units_in_reach
from app.admin.people_forms import unit_choices
from app.admin.views import blueprint
from app.extensions import db
from app.security import person, requires
from app.well_formed import row_id
from app.writing import writes
from courses.people.codes import CodeSlip, give_code, give_codes
from courses.people.reach import check_unit

MADE = 201


@blueprint.get("/people/codes")
@requires("people.manage")
def codes() -> str:
    """Choose the office whose people get codes."""
    return _page(None)


@blueprint.post("/people/codes")
@requires("people.manage")
@writes
def make_codes() -> Response:
    """Make a sheet for an office, ready to be printed and cut."""
    unit_id = request.form.get("unit", type=row_id)
    check_unit(db.session(), person(), unit_id)
    return _sheet(give_codes(db.session(), person(), unit_id or 0))


@blueprint.post("/people/<int:id>/code")
@requires("people.manage")
@writes
def make_code(id: int) -> Response:
    """Make a slip for one person: their password is forgotten and their sessions end."""
    return _sheet([give_code(db.session(), person(), id)])


def _sheet(slips: Sequence[CodeSlip]) -> Response:
    """The page with the codes. Sent twice, the second answer leads back here: codes are shown once."""
    answer = Response(_page(slips), MADE, mimetype="text/html")
    answer.location = url_for("admin.codes")
    return answer


def _page(slips: Sequence[CodeSlip] | None) -> str:
    return render_template(
        "admin/codes.html",
        slips=slips,
        units=unit_choices(units_in_reach(), empty=False),
        address=url_for("account.activate", _external=True),
    )
