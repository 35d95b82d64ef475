"""The first sign-in, and the one after a forgotten password: NIP and code, then a password of one's own.

Wrong codes count like wrong passwords, and nobody learns which of the two was wrong.
"""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from app.account.views import blueprint, device, remember
from app.errors import sentence
from app.extensions import db
from app.security import begins_late, public, visitor
from app.services import settings
from app.writing import say
from courses.database import begin_writing
from courses.people.codes import CodeRefused, code_owner, spend
from courses.people.passwords import WeakPassword, check_chosen, hash_password
from courses.people.sessions import open_session
from courses.people.signing_in import TooManyFailures, look_up, note_failure

NOT_TOO_LONG = Length(max=200, message=lazy_gettext("Paling banyak 200 karakter."))


class ActivationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What stands on a slip, and the password a person chooses."""

    identifier = StringField(
        lazy_gettext("NIP atau surel"),
        validators=[DataRequired(lazy_gettext("Isi NIP atau alamat surel Anda.")), NOT_TOO_LONG],
    )
    code = StringField(
        lazy_gettext("Kode aktivasi"),
        validators=[DataRequired(lazy_gettext("Isi kode dari lembar aktivasi Anda.")), NOT_TOO_LONG],
    )
    password = PasswordField(
        lazy_gettext("Kata sandi baru"), validators=[DataRequired(lazy_gettext("Isi kata sandi Anda."))]
    )


@blueprint.route("/activate", methods=["GET", "POST"])
@public
@begins_late
def activate() -> Response | str | tuple[str, int]:
    """Choose a password with a code, and be signed in."""
    if visitor() is not None:
        return redirect(url_for("catalogue.home"), 303)
    form = ActivationForm()
    if request.method == "GET" or not form.validate():
        return render_template("account/activate.html", form=form, error=None), 422 if form.errors else 200
    try:
        remember(_token(form))
    except (CodeRefused, TooManyFailures) as refusal:
        page = render_template("account/activate.html", form=form, error=sentence(refusal))
        return page, refusal.status if refusal.status == TooManyFailures.status else 422
    except WeakPassword as refusal:
        form.password.errors = [weak_words(refusal)]
        return render_template("account/activate.html", form=form, error=None), 422
    say(gettext("Kata sandi Anda tersimpan dan Anda sudah masuk. Selamat belajar."))
    return redirect(url_for("catalogue.home"), 303)


def _token(form: ActivationForm) -> str:
    """Read, close, hash outside every transaction, then write."""
    name, code, password = form.identifier.data or "", form.code.data or "", form.password.data or ""
    session, address = db.session(), request.remote_addr or ""
    candidate = look_up(session, name, address)
    try:
        owner = code_owner(session, name, code)
    except CodeRefused:
        session.rollback()
        begin_writing(session)
        note_failure(session, candidate, address)
        session.commit()
        raise
    session.rollback()
    check_chosen(password, owner.name, name, code)
    hashed = hash_password(password)
    begin_writing(session)
    spend(session, owner.id, code, hashed)
    token = open_session(session, owner.id, settings().session_days, device())
    session.commit()
    return token


def weak_words(refusal: WeakPassword) -> str:
    """Why a password is too weak."""
    words = {
        "short": gettext("Paling sedikit 10 karakter. Beberapa kata yang mudah Anda ingat sudah cukup."),
        "long": gettext("Paling banyak 200 karakter."),
        "guessed": gettext(
            "Kata sandi ini mudah ditebak. Tiga atau empat kata yang tidak biasa berdampingan lebih aman."
        ),
    }
    return words.get(
        refusal.reason, gettext("Jangan gunakan nama, NIP, surel atau kode Anda sebagai kata sandi.")
    )
