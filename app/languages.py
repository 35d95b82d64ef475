"""The language of a page: the person's, else the visitor's choice in a cookie, else Indonesian."""

from flask import has_request_context, request

from app.security import visitor
from courses.people.own import LANGUAGES

COOKIE = "language"


def chosen() -> str:
    """The language of the page being made."""
    if not has_request_context():
        return "id"
    said = request.cookies.get(COOKIE)
    if said in LANGUAGES:
        return said
    found = visitor() if request.endpoint else None
    return found.language if found else "id"
