"""What happened, a line for each request and each trouble, on standard error: JSON in production.

One rule: a line says which page was asked for and never what was said there: no number of a person, no
name, no query, only the pattern of the route and the person's id.

A request has an id: the one that a proxy gave it, or a new one. The answer carries it in `X-Request-Id`,
every line names it, and the page about an error shows it as the reference.
"""

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from json import dumps
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, g, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ID, ROUTE, PERSON = "bina.request_id", "bina.route", "bina.person"
NO_ROUTE = "-"
_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
_current: ContextVar[str | None] = ContextVar("request_id", default=None)

Observe = Callable[[str, str, int, float], None]


def register(app: Flask, *, production: bool) -> None:
    """Give each request an id, and in production write the lines."""
    app.teardown_request(_note)
    edge = Edge(app.wsgi_app, _request_line() if production else None)
    app.extensions["bina.edge"] = edge
    app.wsgi_app = edge  # type: ignore[method-assign]
    _take_over(production=production)


def request_id() -> str | None:
    """The id of the request at hand; None outside of one."""
    return _current.get()


class Edge:
    """Wraps the whole application, so that every answer has an id and a line, whoever gave it.

    `observers` are told method, route, status and seconds of each request.
    """

    def __init__(self, application: "WSGIApplication", say: Callable[..., Any] | None) -> None:
        self._application = application
        self._say = say
        self.observers: list[Observe] = []

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        name = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        environ[ID] = name
        _current.set(name)
        status = 500

        def start(said: str, headers: list[tuple[str, str]], problem: Any = None) -> Any:
            nonlocal status
            status = int(said[:3])
            return start_response(said, [*headers, ("X-Request-Id", name)], problem)

        try:
            return self._application(environ, start)
        finally:
            self._ended(environ, status, time.perf_counter() - began)

    def _ended(self, environ: "WSGIEnvironment", status: int, seconds: float) -> None:
        method, route = environ["REQUEST_METHOD"], environ.get(ROUTE, NO_ROUTE)
        if self._say is not None:
            self._say(
                "request",
                request_id=environ[ID],
                method=method if method.isalpha() else NO_ROUTE,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                person=environ.get(PERSON),
            )
        for observe in self.observers:
            observe(method, route, status, seconds)


def _note(_error: BaseException | None) -> None:
    """Leave word of what only the request knows."""
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule
    found = g.get("person")
    if found is not None:
        request.environ[PERSON] = found.id


class _Out:
    """Standard error as it is now: one write a line, so that lines of threads do not mix."""

    def __init__(self, *_: object) -> None:
        """Take what structlog offers, and need none of it."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    info = msg


def _request_line() -> Callable[..., Any]:
    logger = structlog.wrap_logger(
        _Out(),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(dumps),
        ],
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=True,
    )
    say: Callable[..., Any] = logger.bind().info
    return say


class Lines(logging.Handler):
    """Writes what Python's own logging says."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        _Out().msg(self.format(record))


def _take_over(*, production: bool) -> None:
    """Write what is logged as JSON lines in production, as plain ones else; once for a process."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(handler)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _add_request_id,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if production:
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(dumps)]
    else:
        last += [
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        ]
    handler = Lines(logging.WARNING)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root.addHandler(handler)


def _add_request_id(_logger: object, _method: str, event: Any) -> Any:
    if name := request_id():
        event["request_id"] = name
    return event
