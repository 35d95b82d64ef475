"""Pages that are the same for many readers: rendered once with holes, kept, and filled for each reader.

One rule: a shell is rendered for nobody. While its template runs, the person, the token of their forms and
the ids of their writes are holes, so nothing that belongs to one reader can be kept for the next.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from flask import Response, g, render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app.packing import packed, pressed, stored
from app.security import visitor
from app.writing import operation_id
from courses.catalogue.editions import Memory
from courses.people.sessions import SignedIn

SHELLS, TOKENS = 512, 4096  # a shell takes some 20 KB
WORTH_PRESSING = 200
# No author knows this, so no text of theirs makes a hole.
_SECRET = secrets.token_hex(8)
_HOLE = re.compile(rf"{_SECRET}([a-z_]+)\.")

Filling = str | Callable[[], str]


class Shell:
    """A page with holes: text and names of holes in turn, and the longer texts pressed."""

    def __init__(self, page: str) -> None:
        words = _HOLE.split(page)
        self._texts = [text.encode() for text in words[::2]]
        self._holes = words[1::2]
        self._pressed = [pressed(text) if len(text) >= WORTH_PRESSING else None for text in self._texts]

    def answer(self, **more: Filling) -> Response:
        """The page for the reader at hand.

        Args:
            more: what fills the holes of this page, beside those that every page has.
        """
        filling = {**_personal(), **more}
        own = [_said(filling[name]) for name in self._holes]
        body = b"".join(chain.from_iterable(zip(self._texts, [*own, b""], strict=True)))
        response = Response(mimetype="text/html")
        if "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
            response.headers["Content-Encoding"] = "gzip"
            body = packed(self._pieces(own), body)
        response.headers["Vary"] = "Accept-Encoding"
        response.set_data(body)
        return response

    def _pieces(self, own: Sequence[bytes]) -> Iterator[bytes]:
        """The pressed texts, and stored between them what is the reader's, with the short texts around it."""
        between = b""
        for text, ready, filled in zip(self._texts, self._pressed, [*own, b""], strict=True):
            if ready is None:
                between += text + filled
            else:
                yield from (stored(between), ready)
                between = filled
        yield stored(between)


@dataclass(frozen=True, slots=True)
class Anyone:
    """Stands in a template for the person who will read it: what pages show of them is holes."""

    is_admin: bool
    manages_people: bool
    unit_name: str
    name: str
    initials: str
    theme: str


@dataclass(frozen=True, slots=True)
class Anywhere:
    """Stands in a template for the request: an address may be a secret, and nothing else may be asked for."""

    path: str


_kept: Memory[Shell] = Memory(SHELLS)
_tokens: Memory[str] = Memory(TOKENS)


def hole(name: str) -> Markup:
    """A hole for a page that is being rendered as a shell; it also stands in an address as it is."""
    return Markup(f"{_SECRET}{name}.")  # noqa: S704 - hexadecimal digits and a name of ours


def shell(template: str, key: Hashable, make: Callable[[], Mapping[str, object]]) -> Shell:
    """The shell of a page, rendered on first use.

    Args:
        template: its name.
        key: all that the page depends on beside the reader.
        make: the values for the template.
    """
    who = visitor()
    reader = None if who is None else _anyone(who)
    if "_flashes" in session:  # something waits to be said, to this reader alone
        return _rendered(template, make(), reader)
    return _kept.get((template, key, reader), lambda: _rendered(template, make(), reader))


_OWN = (hole("name"), hole("initials"), hole("theme"))
ANYWHERE = Anywhere(hole("path"))


def _anyone(who: SignedIn) -> Anyone:
    return Anyone(who.is_admin, who.manages_people, who.unit_name and hole("unit_name"), *_OWN)


def _rendered(template: str, values: Mapping[str, object], reader: Anyone | None) -> Shell:
    with _holes():
        return Shell(render_template(template, current_person=reader, request=ANYWHERE, **values))


@contextmanager
def _holes() -> Iterator[None]:
    """Have forms carry holes instead of a token and ids: both are looked for here first."""
    g.csrf_token, g.operation = hole("csrf_token"), hole("operation")
    try:
        yield
    finally:
        del g.csrf_token, g.operation


def _said(value: Filling) -> bytes:
    return escape(value() if callable(value) else value).encode()


def _form_token() -> str:
    """The token of this reader's forms. It has no end but the session's, so one signature will do."""
    held = session.get("csrf_token")
    return generate_csrf() if held is None else _tokens.get(held, generate_csrf)


def _path() -> str:
    """Where the reader is, as it stands in a query."""
    return quote(request.path)


def _personal() -> dict[str, Filling]:
    found: dict[str, Filling] = {"csrf_token": _form_token, "operation": operation_id, "path": _path}
    who = visitor()
    if who is not None:
        found |= {
            "name": who.name,
            "initials": who.initials,
            "unit_name": who.unit_name,
            "theme": who.theme,
        }
    return found
