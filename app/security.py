"""Who may enter: every view is closed until it says `@public` or which permission it asks for.

Also here: the person behind the request, the headers of every response, and the one thing that a reading
request may write, `session.seen_at`.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request
from flask_login import AnonymousUserMixin, UserMixin, current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from app.addresses import sign_in_address
from app.extensions import asker, db, login
from courses.database import begin_writing
from courses.people.permissions import PERMISSIONS, permits
from courses.people.sessions import SignedIn, signed_in, touch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
    if "person" not in g:
        g.person = current_user.person
    found: SignedIn | None = g.person
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
    app.wsgi_app = _Edge(app.wsgi_app, https=app.extensions["bina"].settings.https)  # type: ignore[method-assign]
    app.teardown_request(_note_seen)
    app.jinja_env.globals["visitor"] = visitor
    app.context_processor(lambda: {"current_person": visitor()})


def _load(token: str) -> User | None:
    found = signed_in(asker(), token)
    g.person = found
    return User(token, found) if found else None


def _guard() -> BaseResponse | None:
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    if request.method not in SAFE and not getattr(view, "begins_late", False):
        begin_writing(db.session())
    access = getattr(view, "access", None)
    if access == PUBLIC:
        return None
    who = visitor()
    if who is None:
        return redirect(sign_in_address(), 303)
    if access is None or not permits(access, who):
        abort(404)
    return None


class _Edge:
    """Wraps the whole application: no answer leaves without our headers, whoever made it.

    Also the fastest place for them: a view's list of headers is short, and is only read and added to.
    """

    def __init__(self, application: "WSGIApplication", *, https: bool) -> None:
        self._application = application
        more = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if https else {}
        self._headers = [(name, value, name.lower()) for name, value in (HEADERS | more).items()]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""

        def start(status: str, headers: list[tuple[str, str]], problem: Any = None) -> Any:
            return start_response(status, self._complete(headers), problem)

        return self._application(environ, start)

    def _complete(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """What a view says itself stays; what nobody may keep depends on the cookie too."""
        said = {name.lower() for name, _ in headers}
        added = [(name, value) for name, value, low in self._headers if low not in said]
        if "cache-control" in said:
            return headers + added
        varying = ", ".join(value for name, value in headers if name.lower() == "vary")
        if "cookie" not in varying.lower():
            headers = [one for one in headers if one[0].lower() != "vary"]
            added.append(("Vary", f"{varying}, Cookie" if varying else "Cookie"))
        return [*headers, *added, ("Cache-Control", "no-store")]


def treat_as_nobody() -> None:
    """Go on without knowing who asks: for the page that says that the database does not answer."""
    login._update_request_context_with_user()
    g.person = None


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
