"""Bina as `./run` starts it, to be killed: supervisor, web server, two web processes and the worker.

Beside the processes stands an application on the same data in our own process, which looks into the tables.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.serving import end_with_parent
from config import ROOT
from courses.authoring.source import Source
from tests.conftest import OwnContextClient, postgres_database, settings_for
from tests.publishing import publish_folder, sample_course, with_files

SUPERVISOR = ("-P", "app/serving.py")
SLOWEST_START = 90.0
SLOWEST_END = 30.0


@dataclass
class House:
    """A running installation. `command` is what Python is started with."""

    folder: Path
    app: Flask
    port: int
    settings: Mapping[str, str]
    command: tuple[str, ...] = SUPERVISOR
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and return when it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=ROOT,
                env=surroundings(self.settings),
                stdout=log,
                stderr=log,
                preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGTERM),
            )
        process = self.process
        assert eventually(lambda: process.poll() is not None or answers(self.port), SLOWEST_START)
        assert process.poll() is None, (self.folder / "server.log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """Ask it to end, and insist."""
        if self.process is None:
            return
        family = self.family()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(SLOWEST_END)
        self._bury(family)

    def family(self) -> list[psutil.Process]:
        """Everyone that is alive, the supervisor first."""
        assert self.process is not None
        try:
            supervisor = psutil.Process(self.process.pid)
            return [supervisor, *supervisor.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self, whom: str) -> bool:
        """`kill -9` one of `VICTIMS`, started again as in real life; tell whether there was one to kill."""
        family = self.family()
        victims = VICTIMS[whom](family)
        for one in victims:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        if self.process is not None and self.process.pid in {one.pid for one in victims}:
            self._bury(family)
            self.start()
        return bool(victims)

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session of our own, seeing what is stored now."""
        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            yield session

    def let_go(self) -> None:
        """Close our own connections."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _bury(self, family: list[psutil.Process]) -> None:
        """Wait for everyone; who was left behind is killed, and is a fault that the next start would show."""
        assert self.process is not None
        _, alive = psutil.wait_procs(family[1:], timeout=SLOWEST_END)
        left = [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
        for one in left:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(SLOWEST_END)
        self.process = None
        assert not left, f"left behind: {left}"


def web_server(family: list[psutil.Process]) -> list[psutil.Process]:
    """The process that looks after the web processes."""
    return [one for one in family[1:] if _said(one)[-1:] == ["app.web"] and _parent(one) == family[0].pid]


def web_processes(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those that answer requests."""
    above = {one.pid for one in web_server(family) or family[:1]}
    return [one for one in family if _parent(one) in above and "worker" not in _said(one)]


VICTIMS: dict[str, Callable[[list[psutil.Process]], list[psutil.Process]]] = {
    "a web process": lambda family: web_processes(family)[:1],
    "every web process": web_processes,
    "the web server": web_server,
    "the worker": lambda family: [one for one in family[1:] if _said(one)[-1:] == ["worker"]],
    "the supervisor": lambda family: family[:1],
    "everyone": lambda family: family,
}


@contextmanager
def house(
    engine: str,
    folder: Path,
    *,
    data: Path | None = None,
    command: tuple[str, ...] = SUPERVISOR,
    **settings: str,
) -> Iterator[House]:
    """Set up an installation with one course and start it; stop it when the block ends.

    Args:
        engine: `sqlite` or `postgresql`.
        folder: where its log stands, and unless `data` says otherwise its data.
        data: the data directory.
        command: what Python is started with.
        settings: more settings by their names in `config.py`.
    """
    data = data or folder / "var"
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as cleaning:
        url = "" if engine == "sqlite" else cleaning.enter_context(postgres_database())
        port = free_port()
        own = {"content_dir": str(folder / "nothing-ships"), "port": str(port), "database_url": url}
        app = create_app(settings_for(data, **own | settings))
        app.test_client_class = OwnContextClient
        with app.app_context():
            upgrade()
            publish_folder(quick_course())
        made = House(folder, app, port, own | {"data_dir": str(data)} | settings, command)
        cleaning.callback(made.let_go)
        cleaning.callback(made.stop)
        made.start()
        yield made


def quick_course() -> Source:
    """The sample course in free order, without waiting: no least time, and a certificate at once."""
    source = sample_course()
    about = source.files["course.md"].decode()
    about = about.replace("order: sequential", "order: free").replace("issue: approval", "issue: automatic")
    lesson = source.files["01-awal/02-simpan.md"].decode().replace("minimum: 1m\n", "")
    return with_files(source, {"course.md": about, "01-awal/02-simpan.md": lesson})


def surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """Our environment with these settings in the place of our own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BINA_")}
    said = {f"BINA_{name.upper()}": value for name, value in settings.items() if value}
    return {**ours, "BINA_ENV": "development", **said}


def answers(port: int) -> bool:
    """Tell whether a server of this machine answers that it is alive."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def eventually(happened: Callable[[], object], seconds: float = 60.0) -> bool:
    """Wait until something happened; tell whether it did."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])


def _said(process: psutil.Process) -> list[str]:
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return process.cmdline()
    return []


def _parent(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return process.ppid()
    return 0
