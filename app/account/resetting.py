"""A forgotten password, mended by mail: ask for a letter, then choose a password with the link in it.

Whoever asks gets one answer, whether or not there is such a person. Opening the link spends nothing.
"""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from app.account.activating import weak_words
from app.account.views import NOT_TOO_LONG, blueprint, device, remember
from app.errors import sentence
from app.extensions import db
from app.security import begins_late, public, visitor
from app.services import settings
from app.writing import commits, say
from courses.database import begin_writing
from courses.errors import NotFound
from courses.people.passwords import WeakPassword, check_chosen, hash_password
from courses.people.resetting import ResetRefused, TooManyResets, ask, reset, token_owner
from courses.people.sessions import open_session

Answer = Response | str | tuple[str, int]
TOKEN = "<string(length=43):token>"  # noqa: S105 - a place in an address


class NoLetters(NotFound):
    """There is no mail server here, so the office mends forgotten passwords alone."""


class AskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who forgot."""

    identifier = StringField(
        lazy_gettext("NIP atau surel"),
        validators=[DataRequired(lazy_gettext("Isi NIP atau alamat surel Anda.")), NOT_TOO_LONG],
    )


class ResetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The password that a person chooses."""

    password = PasswordField(
        lazy_gettext("Kata sandi baru"), validators=[DataRequired(lazy_gettext("Isi kata sandi Anda."))]
    )


@blueprint.route("/forgot", methods=["GET", "POST"])
@public
@commits
def forgot() -> Answer:
    """Ask for a letter."""
    if not settings().sends_mail:
        raise NoLetters
    if visitor() is not None:
        return redirect(url_for("account.own"), 303)
    form = AskForm()
    if request.method == "GET" or not form.validate():
        return _asking(form, 422 if form.errors else 200)
    try:
        ask(db.session(), form.identifier.data or "", request.remote_addr or "")
    except TooManyResets as refusal:
        return _asking(form, refusal.status, sentence(refusal))
    say(
        gettext(
            "Bila akun itu ada dan memiliki surel, kami mengirim tautan untuk memilih kata sandi baru. "
            "Tautan berlaku satu jam; periksa juga folder spam."
        )
    )
    return redirect(url_for("account.login"), 303)


@blueprint.get(f"/reset/{TOKEN}")
@public
def choose(token: str) -> Answer:
    """The form for a password, for whoever holds a good token."""
    try:
        token_owner(db.session(), token)
    except ResetRefused as refusal:
        return _over(refusal)
    return _choosing(ResetForm(), token)


@blueprint.post(f"/reset/{TOKEN}")
@public
@begins_late
def chosen(token: str) -> Answer:
    """Give the password, end every session, and open one here."""
    form = ResetForm()
    try:
        if not form.validate():
            token_owner(db.session(), token)
            return _choosing(form, token)
        remember(_session(token, form.password.data or ""))
    except ResetRefused as refusal:
        return _over(refusal)
    except WeakPassword as refusal:
        form.password.errors = [weak_words(refusal)]
        return _choosing(form, token)
    say(gettext("Kata sandi Anda tersimpan dan Anda sudah masuk. Semua sesi yang lain sudah berakhir."))
    return redirect(url_for("catalogue.home"), 303)


def _session(token: str, password: str) -> str:
    """Read, close, hash outside every transaction, then write."""
    session = db.session()
    owner = token_owner(session, token)
    session.rollback()
    check_chosen(password, owner.name)
    hashed = hash_password(password)
    begin_writing(session)
    opened = open_session(session, reset(session, token, hashed), settings().session_days, device())
    session.commit()
    return opened


def _asking(form: AskForm, status: int, error: str | None = None) -> Answer:
    return render_template("account/forgot.html", form=form, error=error), status


def _choosing(form: ResetForm, token: str) -> Answer:
    return render_template("account/reset.html", form=form, token=token), 422 if form.errors else 200


def _over(refusal: ResetRefused) -> Answer:
    db.session.rollback()
    return render_template("account/reset_over.html"), refusal.status
