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
from courses.people.codes import MOST_AT_ONCE, CodeSlip, give_code, give_codes
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
    slips = give_codes(db.session(), person(), unit_id or 0)
    return sheet_of_codes(slips, url_for("admin.codes"))


@blueprint.post("/people/<int:id>/code")
@requires("people.manage")
@writes
def make_code(id: int) -> Response:
    """Make a slip for one person: their password is forgotten and their sessions end."""
    return sheet_of_codes([give_code(db.session(), person(), id)], url_for("admin.codes"))


def sheet_of_codes(slips: Sequence[CodeSlip], back: str) -> Response:
    """The page with the codes. Sent twice, the second answer leads back: codes are shown once.

    The answer is the page itself, not a way to it: to be shown at another address, codes would have to be
    kept readable somewhere until they are fetched.
    """
    answer = Response(_page(slips, back), MADE, mimetype="text/html")
    answer.location = back
    return answer


def _page(slips: Sequence[CodeSlip] | None, back: str = "") -> str:
    return render_template(
        "admin/codes.html",
        slips=slips,
        more=slips is not None and len(slips) == MOST_AT_ONCE,
        back_url=back or url_for("admin.people"),
        units=unit_choices(units_in_reach(), empty=False),
        address=url_for("account.activate", _external=True),
    )
