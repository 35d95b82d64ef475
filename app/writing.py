"""Writing views: one operation id, one transaction, one commit, and the same reply however often it is sent.

`@writes` claims the id before the view acts and stores the reply in the same transaction. A refusal rolls
all of it back, the id too, so a mended form may be sent again. `@writes_after` does the same for a view with
work that may be done before its transaction, so that other writers do not wait for it. `@commits` is for the
few writes nobody is signed in for.
"""

import hashlib
import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from flask import flash, g, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response

from app.extensions import db
from app.security import begins_late, person
from courses import randomness
from courses.database import begin_writing
from courses.errors import Invalid, Refusal
from courses.operations import Claim, Reply, claim, remember

P = ParamSpec("P")
T = TypeVar("T")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NOT_CONTENT = frozenset({"csrf_token", "operation"})
LAST_GOOD_STATUS = 399


class OperationMissing(Invalid):
    """A write came without an operation id."""


def operation_id() -> str:
    """A fresh id for a form that writes; on a page that is kept for many readers, the hole for one."""
    return g.get("operation") or randomness.token()


def say(message: str, category: str = "success") -> None:
    """Say something on the next page; a repeated operation says it again."""
    g.setdefault("said", []).append((category, message))
    flash(message, category)


def writes(view: Callable[P, Any]) -> Callable[P, Response]:
    """Make a view a write: its effect and its reply happen once for each operation id."""

    @wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> Response:
        session = db.session()
        claimed = claim(session, person().id, _key(), _fingerprint())
        if claimed.earlier is not None:
            session.rollback()
            return _again(claimed.earlier)
        response = make_response(view(*args, **kwargs))
        if response.status_code > LAST_GOOD_STATUS:
            session.rollback()
            return response
        _finish(claimed, response)
        return response

    return once


def writes_after(read: Callable[P, T]) -> Callable[[Callable[[T], Any]], Callable[P, Response]]:
    """Make a view a write that is given what `read` returned before the transaction began.

    `read` may look at nothing that the write relies on being unchanged. It is called for a repeated request
    too, whose reply is the earlier one even where `read` refuses by now.
    """

    def decorate(view: Callable[[T], Any]) -> Callable[P, Response]:
        @writes
        def write(found: T | Refusal) -> Any:
            if isinstance(found, Refusal):
                raise found
            return view(found)

        @begins_late
        @wraps(view)
        def prepared(*args: P.args, **kwargs: P.kwargs) -> Response:
            found = _read_or_refusal(partial(read, *args, **kwargs))
            session = db.session()
            session.rollback()
            begin_writing(session)
            return write(found)

        return prepared

    return decorate


def commits(view: Callable[P, Any]) -> Callable[P, Response]:
    """Commit what a view wrote, unless it answers with an error."""

    @wraps(view)
    def committed(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        if response.status_code <= LAST_GOOD_STATUS:
            db.session.commit()
        return response

    return committed


def _read_or_refusal(read: Callable[[], T]) -> T | Refusal:
    try:
        return read()
    except Refusal as refusal:
        return refusal


def _finish(claimed: Claim, response: Response) -> None:
    said = tuple(g.get("said", ()))
    body = response.get_json(silent=True) if response.is_json else None
    remember(db.session(), claimed, Reply(response.status_code, response.location, said, body))
    db.session.commit()


def _again(reply: Reply) -> Response:
    for category, message in reply.said:
        flash(message, category)
    if reply.location is not None:
        return redirect(reply.location, reply.status)
    response = jsonify(reply.body)
    response.status_code = reply.status
    return response


def _key() -> str:
    key = request.form.get("operation", "")
    if not _KEY.fullmatch(key):
        raise OperationMissing
    return key


def _fingerprint() -> str:
    """SHA-256 of what the request asks for: method, path, fields and files."""
    running = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    for name, values in sorted(request.form.lists()):
        if name not in _NOT_CONTENT:
            running.update(repr((name, values)).encode("utf-8", "replace"))
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        running.update(repr((name, file.filename)).encode("utf-8", "replace"))
        file.stream.seek(0)  # what is read before the transaction may have read it
        running.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return running.hexdigest()
