"""Bina as people meet it: granian with two processes over a database of its own, and visitors who connect.

A visitor sends what a browser sends and nothing else; what the server stored is looked up beside it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.serving import end_with_parent
from tests import people
from tests.conftest import postgres_database, settings_for
from tests.publishing import publish_folder, sample_course, with_files

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60
Form = Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str | None
    body: str
    headers: tuple[tuple[str, str], ...] = field(compare=False, repr=False)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Visitor:
    """A browser without scripts: cookies, forms, and several tabs at the same moment."""

    port: int
    person_id: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._keep(exchange(self._connection(), "GET", path, self._headers()))

    def post(self, path: str, form: Form) -> Answer:
        return self._keep(exchange(self._connection(), "POST", path, self._headers(), form))

    def form(self, page: str) -> dict[str, str]:
        """The hidden fields of the first form on a page."""
        opened = self.get(page)
        assert opened.status == 200, (page, opened.status)
        return people.fields(opened.body)

    def sign_in(self, identifier: str) -> None:
        form = self.form("/login") | {"identifier": identifier, "password": people.PASSWORD}
        assert self.post("/login", form).status == 303

    def at_once(self, path: str, forms: Sequence[Form]) -> list[Answer]:
        """Send forms to one address at the same moment."""
        return self.at_once_to([(path, form) for form in forms])

    def at_once_to(self, sending: Sequence[tuple[str, Form]]) -> list[Answer]:
        """Send forms at the same moment, each over a connection of its own."""
        start = Barrier(len(sending))

        def send(one: tuple[str, Form]) -> Answer:
            connection = self._connection()
            connection.connect()
            start.wait()
            return exchange(connection, "POST", one[0], self._headers(), one[1])

        with ThreadPoolExecutor(len(sending)) as pool:
            return list(pool.map(send, sending))

    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookies.update({key: one.value for key, one in SimpleCookie(value).items()})
        return answer


@dataclass
class Site:
    """A running server, and the application in this process to look into its database."""

    app: Flask
    port: int
    server: subprocess.Popen[bytes]
    serials: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def somebody(self, *, admin: bool = False, course: str | None = "contoh") -> Visitor:
        """A new person, signed in through the form and (unless None) enrolled in a course."""
        serial = next(self.serials)
        nip = f"{1987 - serial // 999}04122011011{serial % 999 + 1:03}"
        with self.app.app_context():
            who = people.make(f"Peserta {serial}", nip=nip, email=f"p{serial}@example.id", admin=admin)
        visitor = Visitor(self.port, who.id)
        visitor.sign_in(nip)
        if course:
            answer = visitor.post(f"/learn/{course}/enrol", visitor.form(f"/courses/{course}"))
            assert answer.status == 303
        return visitor

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session of our own, seeing what is stored now."""
        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            yield session


def exchange(
    connection: HTTPConnection, method: str, path: str, headers: dict[str, str], form: Form | None = None
) -> Answer:
    """One request on a connection, which is closed; a 5xx is a failure wherever it comes."""
    body = None
    if form is not None:
        body = urlencode(form, doseq=True)
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        said = response.read().decode("utf-8", "replace")
        answer = Answer(response.status, response.getheader("Location"), said, tuple(response.getheaders()))
    finally:
        connection.close()
    assert answer.status < 500, f"{method} {path} answered {answer.status}: a fault\n{said}"
    return answer


@contextmanager
def served(engine: str, folder: Path) -> Iterator[Site]:
    """Serve the sample course, in free order, from a fresh database on an engine, until the block ends."""
    with ExitStack() as cleaning:
        url = "" if engine == "sqlite" else cleaning.enter_context(postgres_database())
        port = _free_port()
        app = create_app(settings_for(folder, database_url=url, port=port))
        with app.app_context():
            upgrade()
            free = sample_course().files["course.md"].decode().replace("order: sequential", "order: free")
            publish_folder(with_files(sample_course(), {"course.md": free}))
            cleaning.callback(db.engine.dispose)
        server = _start(app, folder, port)
        cleaning.callback(_end, server)
        _wait(server, port)
        yield Site(app, port, server)


def _start(app: Flask, folder: Path, port: int) -> subprocess.Popen[bytes]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BINA_")}
    settings = {
        "BINA_ENV": "development",
        "BINA_DATA_DIR": str(folder),
        "BINA_CONTENT_DIR": str(folder / "nothing-ships"),
        "BINA_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "BINA_PORT": str(port),
        "BINA_WORKERS": "2",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "app.web"],
        cwd=ROOT,
        env=ours | settings,
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGTERM),
    )


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            Visitor(port).get("/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not answer in time")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])
