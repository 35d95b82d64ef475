"""A person's account: what the office keeps about them, how pages look, their password, their sessions.

Also who looked at their data. What the office keeps is changed by the office alone.
"""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_babel import force_locale, gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import DataRequired

from app.account.activating import weak_words
from app.account.views import NOT_TOO_LONG, blueprint
from app.errors import sentence
from app.extensions import db
from app.languages import COOKIE
from app.security import person, requires
from app.well_formed import row_id
from app.writing import say, writes, writes_after
from courses.database import begin_writing
from courses.people.access import PAGE, looks_at
from courses.people.models import Person, Unit
from courses.people.nip import grouped
from courses.people.own import change_password, choose_display
from courses.people.passwords import WeakPassword, check_chosen, hash_password, matches
from courses.people.persons import current_nip
from courses.people.sessions import close_others, close_own, open_sessions
from courses.people.signing_in import TooManyFailures, asked_again, note_failure


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The old password, and the one that a person chooses."""

    old = PasswordField(
        lazy_gettext("Kata sandi sekarang"),
        validators=[DataRequired(lazy_gettext("Isi kata sandi Anda sekarang.")), NOT_TOO_LONG],
    )
    new = PasswordField(
        lazy_gettext("Kata sandi baru"), validators=[DataRequired(lazy_gettext("Isi kata sandi baru."))]
    )


@dataclass(frozen=True, slots=True)
class KeptData:
    """What the office keeps about a person."""

    name: str
    nip: str
    email: str
    unit_name: str
    position: str
    rank: str
    grade: str


@dataclass(frozen=True, slots=True)
class Change:
    """A password that may be changed: the hash of the old one, and of the new; or why it may not."""

    known: str | None
    chosen: str
    form: PasswordForm
    status: int = 0


@blueprint.get("/account")
@requires("learn")
def own() -> str:
    """A person's account."""
    return _page(PasswordForm(formdata=None))


@blueprint.post("/account/display")
@requires("learn")
@writes
def display() -> Response:
    """Choose the language and the look of pages, on every device."""
    language = request.form.get("language", "")
    choose_display(db.session(), person().id, language, request.form.get("theme", ""))
    with force_locale(language):
        say(gettext("Pilihan Anda tersimpan dan berlaku di semua perangkat Anda."))
    response = redirect(url_for("account.own"), 303)
    response.delete_cookie(COOKIE)  # what was chosen on this device alone
    return response


def _change() -> Change:
    """Compare and hash outside every transaction. A wrong password is counted."""
    form, session, address = PasswordForm(), db.session(), request.remote_addr or ""
    if not form.validate():
        return Change(None, "", form, 422)
    old, new = form.old.data or "", form.new.data or ""
    candidate = asked_again(session, person().id, address)
    about = _kept()
    session.rollback()
    if not matches(candidate.password_hash, old):
        begin_writing(session)
        note_failure(session, candidate, address)
        session.commit()
        form.old.errors = [gettext("Kata sandi ini tidak cocok.")]
        return Change(None, "", form, 422)
    try:
        check_chosen(new, about.name, about.nip, about.email)
    except WeakPassword as refusal:
        form.new.errors = [weak_words(refusal)]
        return Change(None, "", form, 422)
    return Change(candidate.password_hash, hash_password(new), form)


@blueprint.post("/account/password")
@requires("learn")
@writes_after(_change)
def password(change: Change) -> Response | tuple[str, int]:
    """Change the password; every other session ends."""
    if change.status:
        return _page(change.form), change.status
    change_password(db.session(), person(), change.known, change.chosen)
    say(gettext("Kata sandi Anda sudah diganti. Sesi di perangkat lain sudah berakhir."))
    return redirect(url_for("account.own"), 303)


@blueprint.errorhandler(TooManyFailures)
def too_many(refusal: TooManyFailures) -> tuple[str, int]:
    """The account page, with how long to wait."""
    db.session.rollback()
    form = PasswordForm(formdata=None)
    form.old.errors = [sentence(refusal)]
    return _page(form), refusal.status


@blueprint.post("/account/sessions/<name>/end")
@requires("learn")
@writes
def end_session(name: str) -> Response:
    """End one session of one's own; one that has ended already has ended."""
    close_own(db.session(), person().id, name)
    say(gettext("Sesi itu sudah berakhir."))
    return redirect(url_for("account.own"), 303)


@blueprint.post("/account/sessions/end")
@requires("learn")
@writes
def end_others() -> Response:
    """End every session but the one at hand."""
    close_others(db.session(), person())
    say(gettext("Semua sesi lain sudah berakhir."))
    return redirect(url_for("account.own"), 303)


@blueprint.get("/account/looks")
@requires("learn")
def looks() -> str:
    """Who looked at one's data, the latest first."""
    found = looks_at(db.session(), person().id, request.args.get("before", type=row_id))
    next_key = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template("account/looks.html", looks=found[:PAGE], next_key=next_key)


def _page(form: PasswordForm) -> str:
    sessions = open_sessions(db.session(), person())
    return render_template("account/own.html", data=_kept(), form=form, sessions=sessions)


def _kept() -> KeptData:
    row = db.session.execute(
        select(Person, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.id == person().id)
    ).one()
    found, unit = row
    nip = current_nip(db.session(), found.id)
    return KeptData(
        name=found.name,
        nip=grouped(nip) if nip else "",
        email=found.email or "",
        unit_name=unit or "",
        position=found.position,
        rank=found.rank,
        grade=found.grade,
    )
