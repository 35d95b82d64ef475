"""Flask's signed cookie, read fast: a cookie that was found genuine once is not taken apart again.

One rule: only what cannot be changed in place is remembered, and the age of a cookie is looked at every time.
"""

import time
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from courses.catalogue.editions import Memory

COOKIES = 2048
LONGEST = 2000  # characters of a cookie that is remembered
UNCHANGING = (str, int, bool)


class Cookies(SecureCookieSessionInterface):
    """Reads and writes the cookie of one application."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)
        self._genuine: Memory[tuple[float, dict[str, Any]]] = Memory(COOKIES)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The one signer: its keys do not change while the application runs."""
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; nothing, if it is not ours or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            made_at, held = self._genuine.peek(cookie) or self._read(cookie)
        except BadSignature:
            return self.session_class()
        age = int(time.time()) - made_at
        fresh = 0 <= age <= app.permanent_session_lifetime.total_seconds()
        return self.session_class(held if fresh else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie if it changed."""
        if session.modified:
            super().save_session(app, session, response)

    def _read(self, cookie: str) -> tuple[float, dict[str, Any]]:
        assert self._signer is not None  # noqa: S101 - settings always have a secret
        held, made_at = self._signer.loads(cookie, return_timestamp=True)
        read = (made_at.timestamp(), held)
        if len(cookie) <= LONGEST and all(isinstance(value, UNCHANGING) for value in held.values()):
            self._genuine.get(cookie, lambda: read)
        return read
