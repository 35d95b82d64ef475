"""Figures for Prometheus at `/metrics`, for whoever has the token; without one in the settings, for nobody.

Each process counts in a file of its own in the data directory, and whoever is asked adds them all up. What
stands in the database is counted when it is asked for. Labels are patterns of routes, never addresses.
"""

import hmac
import os
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPMethod
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.logs import NO_ROUTE, Edge
from app.security import public
from app.services import settings
from config import Settings
from courses import clock
from courses.jobs.models import Outbox
from courses.people.models import SignInFailure

blueprint = Blueprint("metrics", __name__)
DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset(HTTPMethod)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
MOST_BYTES = 1 << 20  # of each file: labels are few, and so are their bytes
WINDOW = timedelta(minutes=15)


@blueprint.get("/metrics")
@public
def figures() -> Response:
    """Everything that is counted."""
    token = settings().metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return Response("a token is needed\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return Response(_written(), content_type="text/plain; version=0.0.4; charset=utf-8")


def register(app: Flask, settings: Settings) -> None:
    """Count requests from now on, if anybody may ask for the figures."""
    if not settings.metrics_token:
        return
    folder = os.environ.setdefault(DIRECTORY, str(folder_of(settings)))  # read when the library is imported
    Path(folder).mkdir(parents=True, exist_ok=True)
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    requests = Counter(
        "bina_requests", "Requests answered.", ("method", "route", "status"), registry=registry
    )
    seconds = Histogram(
        "bina_request_seconds", "Time to an answer.", ("route",), registry=registry, buckets=BUCKETS
    )

    reserved = Reserved(Path(folder))

    def observe(method: str, route: str, status: int, took: float) -> None:
        if not reserved.made():
            return
        requests.labels(method if method in METHODS else NO_ROUTE, route, str(status)).inc()
        seconds.labels(route).observe(took)

    edge: Edge = app.extensions["bina.edge"]
    edge.observers.append(observe)


class Reserved:
    """Room on the disk for what a process counts, taken before the library maps its files into memory.

    It maps files with holes, and to write into a hole on a full disk ends a process (SIGBUS).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = 0

    def made(self) -> bool:
        """Take it for this process, once; tell whether there was room."""
        if self._process != os.getpid():
            try:
                for kind in ("counter", "histogram"):
                    _reserve(self._folder / f"{kind}_{os.getpid()}.db")
            except OSError:
                return False
            self._process = os.getpid()
        return True


def folder_of(settings: Settings) -> Path:
    """Where the processes count."""
    return settings.data_dir.resolve() / "metrics"


def forget_the_dead(folder: Path) -> None:
    """Delete what processes counted that are gone: at a start, when counting begins anew."""
    for path in folder.glob("*_*.db"):
        process = path.stem.rpartition("_")[2]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            path.unlink(missing_ok=True)


def _reserve(path: Path) -> None:
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.posix_fallocate(handle, 0, MOST_BYTES)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(handle)


def _written() -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=os.environ[DIRECTORY])  # type: ignore[no-untyped-call]
    return generate_latest(registry) + "".join(_of_the_database()).encode()


def _of_the_database() -> Iterator[str]:
    try:
        waiting, failed = _outbox()
        failures = _sign_in_failures()
    except SQLAlchemyError:
        db.session.remove()
        yield from _gauge("bina_database_up", "Whether the database answers.", 0)
        return
    yield from _gauge("bina_database_up", "Whether the database answers.", 1)
    yield from _gauge("bina_outbox_waiting", "Jobs that are not done.", waiting)
    yield from _gauge("bina_outbox_failed", "Jobs that failed and will be tried again.", failed)
    yield from _gauge("bina_sign_in_failures", "Refused sign-ins in the last 15 minutes.", failures)


def _outbox() -> tuple[int, int]:
    row = db.session.execute(
        select(func.count(), func.count(Outbox.trouble)).where(Outbox.done_at.is_(None))
    ).one()
    return row[0], row[1]


def _sign_in_failures() -> int:
    recent = SignInFailure.at > clock.now() - WINDOW
    return db.session.scalar(select(func.count()).select_from(SignInFailure).where(recent)) or 0


def _gauge(name: str, meaning: str, value: int) -> Iterator[str]:
    yield f"# HELP {name} {meaning}\n# TYPE {name} gauge\n{name} {value}\n"
