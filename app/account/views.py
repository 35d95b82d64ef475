"""Signing in and out, and the language of the pages."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext, lazy_gettext
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from app.addresses import local_path
from app.errors import sentence
from app.extensions import db
from app.languages import COOKIE
from app.security import User, begins_late, person, public, requires, visitor
from app.services import settings
from app.writing import commits, say
from courses.database import begin_writing
from courses.errors import NotFound
from courses.people.devices import device_of
from courses.people.own import LANGUAGES
from courses.people.passwords import LONGEST, matches
from courses.people.sessions import close_session
from courses.people.signing_in import (
    Candidate,
    SignInRefused,
    TooManyFailures,
    admit,
    look_up,
    note_failure,
)

blueprint = Blueprint("account", __name__)
YEAR = 31_536_000
NOT_TOO_LONG = Length(max=LONGEST, message=lazy_gettext("Paling banyak 200 karakter."))


class UnknownLanguage(NotFound):
    """The pages do not speak that language."""


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What a person signs in with."""

    identifier = StringField(
        lazy_gettext("NIP atau surel"),
        validators=[
            DataRequired(lazy_gettext("Isi NIP atau alamat surel Anda.")),
            Length(max=200, message=lazy_gettext("Paling banyak 200 karakter.")),
        ],
    )
    password = PasswordField(
        lazy_gettext("Kata sandi"),
        validators=[
            DataRequired(lazy_gettext("Isi kata sandi Anda.")),
            Length(max=LONGEST, message=lazy_gettext("Paling banyak 200 karakter.")),
        ],
    )
    next = HiddenField()


@blueprint.route("/login", methods=["GET", "POST"])
@public
@begins_late
def login() -> Response | str | tuple[str, int]:
    """Sign in by NIP or e-mail address."""
    form = SignInForm(next=request.args.get("next", ""))
    target = local_path(form.next.data) or url_for("catalogue.home")
    if visitor() is not None:
        return redirect(target, 303)
    if request.method == "POST" and form.validate():
        try:
            token = _token(form.identifier.data or "", form.password.data or "")
        except (SignInRefused, TooManyFailures) as refusal:
            return _page(
                form, refusal.status if refusal.status == TooManyFailures.status else 422, sentence(refusal)
            )
        remember(token)
        return redirect(target, 303)
    return _page(form, 422 if form.errors else 200)


@blueprint.post("/logout")
@requires("learn")
@commits
def logout() -> Response:
    """End this session, here and in the table."""
    close_session(db.session(), person().token_hash)
    logout_user()
    cookie.clear()
    say(gettext("Anda sudah keluar. Pekerjaan Anda sudah tersimpan."))
    return redirect(url_for("catalogue.home"), 303)


@blueprint.get("/language/<code>")
@public
def language(code: str) -> Response:
    """Choose the language of the pages; kept in a cookie of its own, nothing is written here."""
    if code not in LANGUAGES:
        raise UnknownLanguage(code=code)
    response = redirect(local_path(request.args.get("next")) or url_for("catalogue.home"), 303)
    response.set_cookie(COOKIE, code, max_age=YEAR, secure=settings().https, httponly=True, samesite="Lax")
    return response


def _page(form: SignInForm, status: int, error: str | None = None) -> tuple[str, int]:
    mail = settings().sends_mail
    return render_template("account/login.html", form=form, error=error, sends_mail=mail), status


def _token(identifier: str, password: str) -> str:
    """Read, close, compare the password outside every transaction, then write."""
    address = request.remote_addr or ""
    session = db.session()
    candidate = look_up(session, identifier, address)
    session.rollback()
    matched = matches(candidate.password_hash, password)
    begin_writing(session)
    if not matched:
        return _refuse(candidate, address)
    token = admit(session, candidate, settings().session_days, device())
    session.commit()
    return token


def _refuse(candidate: Candidate, address: str) -> str:
    note_failure(db.session(), candidate, address)
    db.session.commit()
    raise SignInRefused


def device() -> str:
    """What the person at the other end will know this device by."""
    return device_of(request.headers.get("User-Agent", ""))


def remember(token: str) -> None:
    """Give the browser at hand a session, and nothing of the one before."""
    cookie.clear()
    cookie.permanent = True
    login_user(User(token))
