"""People from a spreadsheet: a file is read and shown, then all of its people come in, or none.

A file with problems is kept nowhere: it is mended where it was written and sent again. One without is kept
until its admin says yes on the page that shows who would come in.
"""

from collections.abc import Sequence
from contextlib import suppress

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.admin.people import units_in_reach
from app.admin.people_codes import sheet_of_codes
from app.admin.people_template import XLSX, template
from app.admin.views import blueprint
from app.extensions import db
from app.people_words import problem_words, sheet_words
from app.security import person, requires
from app.services import settings
from app.writing import say, writes, writes_after
from courses import clock
from courses.people.codes import count_waiting, give_codes_to
from courses.people.importing import bringing_in
from courses.people.importing.bringing_in import AlreadyBroughtIn, Import, SheetHasProblems
from courses.people.importing.cells import MOST_BYTES, SheetRefused
from courses.people.importing.checking import Checked, Entry, Problem
from courses.people.importing.sheets import read_sheet
from courses.people.nip import grouped

Answer = BaseResponse | tuple[str, int]
UNPROCESSABLE = 422


@blueprint.get("/people/import")
@requires("people.manage")
def import_people() -> str:
    """Choose a file."""
    return render_template("admin/import.html", error=None)


@blueprint.get("/people/import/template.xlsx")
@requires("people.manage")
def people_template() -> Response:
    """An empty sheet with our headings and the units one may write."""
    content = template([line.name for line in units_in_reach()])
    headers = {"Content-Disposition": "attachment; filename=daftar-asn.xlsx"}
    return Response(content, mimetype=XLSX, headers=headers)


def _judged() -> Checked | str:
    """What the file that was sent comes to, or why it cannot be read; before any transaction that writes."""
    file = request.files.get("file")
    content = file.read(MOST_BYTES + 1) if file else b""
    if file:
        file.seek(0)  # the operation id is bound to all of it
    today = clock.local_date(clock.now(), settings().zone)
    try:
        return bringing_in.check(db.session(), person(), read_sheet(content), today)
    except SheetRefused as refusal:
        return sheet_words(refusal)


@blueprint.post("/people/import")
@requires("people.manage")
@writes_after(_judged)
def upload_people(judged: Checked | str) -> Answer:
    """Say what is wrong with a file; or keep it and show who would come in."""
    if isinstance(judged, str):
        return render_template("admin/import.html", error=judged), UNPROCESSABLE
    if judged.problems:
        return _preview(judged.entries, judged.problems, notes=_notes(judged)), UNPROCESSABLE
    made = bringing_in.keep(db.session(), person(), judged.entries)
    for note in _notes(judged):
        say(note, "warning")
    return redirect(url_for("admin.one_import", id=made), 303)


@blueprint.get("/people/import/<int:id>")
@requires("people.manage")
def one_import(id: int) -> str:
    """Who would come in, judged anew; or how many did."""
    found = bringing_in.kept(db.session(), person(), id)
    if found.is_done:
        waiting = count_waiting(db.session(), person(), found.people)
        return render_template("admin/imported.html", found=found, waiting=waiting)
    problems = bringing_in.problems_by_now(db.session(), person(), found.entries)
    return _preview(found.entries, problems, found=found)


@blueprint.post("/people/import/<int:id>")
@requires("people.manage")
@writes
def bring_in(id: int) -> BaseResponse:
    """Bring them in, all or none; the page that follows shows how many did, or what keeps them out by now."""
    with suppress(SheetHasProblems, AlreadyBroughtIn):
        count = bringing_in.bring_in_kept(db.session(), person(), id)
        say(ngettext("%(num)s orang sudah masuk.", "%(num)s orang sudah masuk.", count))
    return redirect(url_for("admin.one_import", id=id), 303)


@blueprint.post("/people/import/<int:id>/codes")
@requires("people.manage")
@writes
def make_import_codes(id: int) -> Response:
    """Make a sheet of codes for those who came in."""
    found = bringing_in.kept(db.session(), person(), id)
    slips = give_codes_to(db.session(), person(), found.people)
    return sheet_of_codes(slips, url_for("admin.one_import", id=id))


def _notes(judged: Checked) -> list[str]:
    """What is no problem, but should be known before people come in."""
    notes = []
    if judged.ignored:
        notes.append(gettext("Kolom yang tidak dibaca: %(titles)s.", titles=", ".join(judged.ignored)))
    if judged.guessed:
        notes.append(
            gettext("Berkas ini bukan UTF-8. Periksa dahulu nama yang memuat huruf selain A sampai Z.")
        )
    return notes


def _preview(
    entries: Sequence[Entry],
    problems: Sequence[Problem],
    *,
    found: Import | None = None,
    notes: Sequence[str] = (),
) -> str:
    return render_template(
        "admin/import_preview.html",
        entries=entries,
        problems=[(problem, problem_words(problem)) for problem in problems],
        bad={problem.row for problem in problems},
        grouped=grouped,
        found=found,
        notes=notes,
    )
