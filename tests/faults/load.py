"""Learners who write as fast as they are answered, and keep a ledger of what was acknowledged.

A write that is not answered is sent again, the same operation id and all, until it is. The ledger is a file
for each writer: a line is in it before the writer goes on.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TextIO
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy.exc import OperationalError

from courses.randomness import token
from tests import people
from tests.faults.house import House
from tests.web import journeys

COURSE = "/learn/contoh"
LESSONS = ("arsip", "simpan", "susut")
PRACTICE, EXAM = "cek", "ujian"
SAVES = 12
RIGHT = "2"  # the answer to the first question of the practice
PATIENCE = 120.0
PAUSE = 0.02
FORM = dict[str, object]


@dataclass(frozen=True)
class Entry:
    """An acknowledged write: who, what, and the reply."""

    person: int
    operation: str
    what: str
    step: str
    value: str
    status: int
    location: str | None


@dataclass(frozen=True)
class Refused:
    """A 503: not now."""

    retry_after: str | None
    page: str


@dataclass
class Load:
    """What the writers met so far. `strange` is what no sound server answers."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    stop: Event = field(default_factory=Event)


@dataclass
class Arrivals:
    """Makes people, one at a time, and gives each a session as signing in would."""

    app: Flask
    serials: Iterator[int] = field(default_factory=lambda: count(1))
    lock: Lock = field(default_factory=Lock)

    def next(self) -> tuple[int, str]:
        """A new person's id, and the cookie of a session; waits while the database takes no one in."""
        while True:
            try:
                return self._next()
            except OperationalError:
                time.sleep(PAUSE)

    def _next(self) -> tuple[int, str]:
        with self.lock, self.app.app_context():
            number = next(self.serials)
            nip = f"{1985 - number // 999:04}04122011011{number % 999 + 1:03}"
            who = people.make(f"Peserta {number}", nip=nip, email=f"p{number}@example.id")
            cookie = people.sign_in(self.app.test_client(), who).get_cookie("bina")
            assert cookie is not None
            return who.id, f"bina={cookie.value}"

    def right_answers(self, page: str) -> FORM:
        """The answers to an exam, from where no learner can look."""
        with self.lock, self.app.app_context():
            return journeys.right_answers(page, "bank/arsip")


class Strange(Exception):
    """An answer that no sound server gives."""


@dataclass
class Writer:
    """One learner after another, from enrolling to the exam.

    `settle` is how long to wait after each acknowledged write, for servers that store later than they say.
    """

    port: int
    arrivals: Arrivals
    ledger: Path
    load: Load
    settle: float = 0.0
    connection: HTTPConnection | None = None
    cookie: str = ""

    def work(self) -> None:
        """Write until told to stop, and end with a write that was acknowledged."""
        with self.ledger.open("w", encoding="utf-8") as lines:
            while not self.load.stop.is_set():
                try:
                    self._learn(lines)
                except Strange as trouble:
                    self.load.strange.append(str(trouble))
        self._hang_up()

    def _learn(self, lines: TextIO) -> None:
        person, self.cookie = self.arrivals.next()
        for entry in self._walk(person):
            lines.write(json.dumps(asdict(entry)) + "\n")
            lines.flush()
            self.load.entries.append(entry)
            if self.load.stop.is_set():
                return
            time.sleep(self.settle)

    def _walk(self, person: int) -> Iterator[Entry]:
        def write(what: str, step: str, path: str, form: FORM, value: str = "") -> Entry:
            key = token()
            status, location, _ = self._ask("POST", path, form | {"operation": key})
            return Entry(person, key, what, step, value, status, location)

        yield write("enrol", "", f"{COURSE}/enrol", self._form("/courses/contoh"))
        for lesson in LESSONS:
            yield write("done", lesson, f"{COURSE}/{lesson}/done", self._form(f"{COURSE}/{lesson}"))
        base = f"{COURSE}/quiz/{PRACTICE}"
        yield write("start", PRACTICE, f"{base}/start", self._form(base))
        form, answer = self._form(f"{base}/attempt"), ""
        for number in range(SAVES):
            answer = str(number % 5)
            saved = form | {"action": "save", "q-1": answer}
            yield write("save", PRACTICE, f"{base}/attempt", saved, answer)
        page = self._ask("GET", f"{base}/attempt")[2]
        if not re.search(rf'name="q-1"[^>]*value="{answer}"|value="{answer}"[^>]*name="q-1"', page):
            raise Strange(f"an answer that was saved is not shown: {answer}")
        answer = str(person % 4)
        yield write("submit", PRACTICE, f"{base}/attempt", form | {"action": "submit", "q-1": answer}, answer)
        base = f"{COURSE}/quiz/{EXAM}"
        yield write("start", EXAM, f"{base}/start", self._form(base))
        page = self._ask("GET", f"{base}/attempt")[2]
        answers = self.arrivals.right_answers(page)
        handed_in = dict(people.fields(page)) | answers | {"action": "submit"}
        yield write("submit", EXAM, f"{base}/attempt", handed_in)

    def _form(self, page: str) -> FORM:
        return dict(people.fields(self._ask("GET", page)[2]))

    def _ask(self, method: str, path: str, form: FORM | None = None) -> tuple[int, str | None, str]:
        """Ask until there is an answer: nobody there, and a 503, are none."""
        wanted, deadline = (200 if method == "GET" else 303), time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, location, body = self._once(method, path, form)
            except (OSError, HTTPException):
                self._hang_up()
            else:
                if status == wanted:
                    return status, location, body
                if status != 503:
                    raise Strange(f"{method} {path} answered {status}")
            time.sleep(PAUSE)
        raise Strange(f"{method} {path}: no answer in time")

    def _once(self, method: str, path: str, form: FORM | None) -> tuple[int, str | None, str]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form, doseq=True)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read().decode("utf-8", "replace")
        if kept := answer.getheader("Set-Cookie"):
            self.cookie = kept.partition(";")[0]
        if answer.status == 503:
            self.load.refused.append(Refused(answer.getheader("Retry-After"), said))
        return answer.status, answer.getheader("Location"), said

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@contextmanager
def writing(here: House, writers: int = 6, settle: float = 0.0) -> Iterator[Load]:
    """Have so many write until the block ends; each ends with a write that was acknowledged."""
    load, arrivals = Load(), Arrivals(here.app)
    threads = [
        Thread(target=Writer(here.port, arrivals, here.folder / f"ledger-{n}", load, settle).work)
        for n in range(writers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()


def ledger(folder: Path) -> list[Entry]:
    """What was acknowledged, from the files of the writers."""
    files = sorted(folder.glob("ledger-*"))
    return [Entry(**json.loads(line)) for file in files for line in file.read_text("utf-8").splitlines()]
