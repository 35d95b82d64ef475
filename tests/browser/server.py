"""The real thing for browser tests: what `./run` starts, on a free port, with data of its own.

Beside the processes stands a second application on the same data, in our own process: it puts people into
the states a test wants to look at, and looks up keys where no page shows them.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from flask import Flask

from app import create_app
from app.extensions import db
from courses.catalogue.editions import forget
from tests.conftest import OwnContextClient, settings_for
from tests.publishing import SAMPLE

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "content" / "courses" / "pembinaan-asn"
# The machine may be busy with other tests; what is broken fails at once, and says so.
SLOWEST_START = 120.0
SLOWEST_END = 25.0


@dataclass(frozen=True)
class Running:
    """A server that answers: its address, and an application on the same data."""

    url: str
    app: Flask
    supervisor: int

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Act in the application beside the server. Editions are remembered by number, so forget others'."""
        forget()
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.rollback()
                db.session.remove()
                forget()

    @contextmanager
    def worker_asleep(self) -> Iterator[None]:
        """Hold the worker still, so that it does not end attempts of a past that is only being made up."""
        assert eventually(lambda: bool(self._workers()))
        workers = self._workers()
        for worker in workers:
            worker.suspend()
        try:
            yield
        finally:
            for worker in workers:
                worker.resume()

    def _workers(self) -> list[psutil.Process]:
        family = psutil.Process(self.supervisor).children(recursive=True)
        return [one for one in family if one.cmdline()[-1:] == ["worker"]]


@contextmanager
def running(folder: Path, *, database_url: str = "") -> Iterator[Running]:
    """Start everything in a folder, with the shipped course and the small one; stop everything at the end."""
    port = free_port()
    for course in (SHIPPED, SAMPLE):
        shutil.copytree(course, folder / "content" / "courses" / course.name)
    hurry(folder / "content" / "courses" / SAMPLE.name / "01-awal" / "02-simpan.md")
    settings = {"content_dir": folder / "content", "port": port, "database_url": database_url}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BINA_")}
    environment |= {f"BINA_{name.upper()}": str(value) for name, value in settings.items() if value}
    environment |= {"BINA_DATA_DIR": str(folder / "var"), "BINA_ENV": "development"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "app/serving.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, folder / "server.log")
        app = create_app(settings_for(folder / "var", **settings))
        app.test_client_class = OwnContextClient
        yield Running(url, app, process.pid)
        with app.app_context():
            db.engine.dispose()
    finally:
        _end(process)


def hurry(lesson: Path) -> None:
    """Shorten the least reading time of a lesson, so that a test can wait for it."""
    text = lesson.read_text()
    assert "minimum: 1m" in text
    lesson.write_text(text.replace("minimum: 1m", "minimum: 2s"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port: int = trial.getsockname()[1]
        return port


def eventually(happened: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    """Wait until something happened; tell whether it did."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def over() -> bool:
        return process.poll() is not None or _answers(url)

    if not eventually(over, seconds=SLOWEST_START) or process.poll() is not None:
        raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - our own server
            return True
    except (urllib.error.URLError, OSError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the supervisor to end, which ends its children; without it they end by themselves."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(SLOWEST_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
