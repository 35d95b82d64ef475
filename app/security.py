"""Who may enter: every view is closed until it says `@public` or which permission it asks for.

Also here: the person behind the request, the headers of every response, and the one thing that a reading
request may write, `session.seen_at`.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request
from flask_login import AnonymousUserMixin, UserMixin, current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from app.addresses import sign_in_address
from app.extensions import db, login
from app.services import settings
from courses.database import begin_writing
from courses.people.permissions import PERMISSIONS, permits
from courses.people.sessions import SignedIn, signed_in, touch

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


class User(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login's handle on a session: its id is the session's token."""

    def __init__(self, token: str, person: SignedIn | None = None) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.token


class Nobody(AnonymousUserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A visitor who is not signed in."""

    person = None


def public(view: View) -> View:
    """Open a view to everyone."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Open a view to people with a permission of `courses.people.permissions`."""
    if permission not in PERMISSIONS:
        raise LookupError(f"no permission is called {permission}")

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def begins_late(view: View) -> View:
    """Let a writing view begin its transaction itself: it does slow work between reading and writing."""
    view.begins_late = True  # type: ignore[attr-defined]
    return view


def person() -> SignedIn:
    """The person who is signed in; only for views that ask for a permission."""
    found = visitor()
    if found is None:
        abort(404)
    return found


def visitor() -> SignedIn | None:
    """The person who is signed in, or None."""
    found: SignedIn | None = current_user.person
    return found


def check_every_view(app: Flask) -> None:
    """Refuse to start with a view that does not say who may enter."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if silent:
        raise RuntimeError(f"these views do not say who may enter: {', '.join(sorted(silent))}")


def register(app: Flask) -> None:
    """Attach the guard and the headers."""
    login.user_loader(_load)
    login.anonymous_user = Nobody
    app.before_request(_guard)
    app.after_request(_protect)
    app.teardown_request(_note_seen)
    app.jinja_env.globals["visitor"] = visitor
    app.context_processor(lambda: {"current_person": visitor()})


def _load(token: str) -> User | None:
    found = signed_in(db.session(), token)
    g.person = found
    return User(token, found) if found else None


def _guard() -> BaseResponse | None:
    if request.endpoint is None:
        return None
    view = request.endpoint and _view(request.endpoint)
    if request.method not in SAFE and not getattr(view, "begins_late", False):
        begin_writing(db.session())
    access = getattr(view, "access", None)
    if access == PUBLIC:
        return None
    if visitor() is None:
        return redirect(sign_in_address(), 303)
    if access is None or not permits(access, visitor()):
        abort(404)
    return None


def _view(endpoint: str) -> Callable[..., Any]:
    return current_app.view_functions[endpoint]


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response


def treat_as_nobody() -> None:
    """Go on without knowing who asks: for the page that says that the database does not answer."""
    login._update_request_context_with_user()


def _note_seen(_error: BaseException | None) -> None:
    found: SignedIn | None = g.get("person")
    if found is None or not found.seen_is_old:
        return
    session = db.session()
    try:
        session.rollback()
        begin_writing(session)
        touch(session, found.token_hash)
        session.commit()
    except SQLAlchemyError as trouble:
        log.warning("seen_at was not noted: %s", trouble)
        session.rollback()
