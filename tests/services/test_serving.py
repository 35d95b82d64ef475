"""The supervisor, a small application in Bina's place: it says when it serves and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

STAND_IN = """
import os, sys, time
from pathlib import Path
from flask import Flask, request

if "BROKEN" in os.environ and sys.argv[0] != "flask":
    raise RuntimeError("broken")

app = Flask(__name__)

@app.get("/healthz")
def health():
    return {"process": os.getpid()}

@app.post("/body")
def body():
    return str(len(request.get_data()))

@app.cli.command("setup")
def setup():
    Path("setup-ran").touch()
    sys.exit(int(os.environ.get("SETUP_CODE", "0")))

@app.cli.command("worker")
def worker():
    with Path("workers").open("a") as lines:
        print(os.getpid(), file=lines)
    time.sleep(600)
"""


def test_says_one_line_when_it_answers_and_ends_with_success_when_told_to(served):
    here = served()
    assert here.health()
    family = here.family()
    here.supervisor.send_signal(signal.SIGTERM)
    assert here.supervisor.wait(25) == 0
    assert (here.supervisor.stdout.read(), here.supervisor.stderr.read()) == ("", "")
    assert gone(family)


def test_a_refused_setup_ends_everything_with_its_code(started):
    here = started(SETUP_CODE="3")
    assert here.supervisor.wait(20) == 3
    assert here.supervisor.stdout.read() == ""


def test_a_taken_port_is_said_in_one_line_before_setup_runs(started):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        here = started(BINA_PORT=str(port))
        assert here.supervisor.wait(20) == os.EX_UNAVAILABLE
    said = here.supervisor.stderr.read()
    assert said.count("\n") == 1
    assert said.startswith(f"bina: http://127.0.0.1:{port} is taken")
    assert not (here.folder / "setup-ran").exists()


def test_a_second_start_beside_a_running_server_is_refused(served, started):
    here = served()
    again = started(BINA_PORT=str(here.port))
    assert again.supervisor.wait(20) == os.EX_UNAVAILABLE
    assert here.health()


def test_a_killed_web_process_is_replaced(served):
    here = served()
    killed = here.health()
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: here.web_processes() - {killed} and len(here.web_processes()) == 2)
    assert eventually(lambda: answering(here))


def test_a_killed_background_worker_is_started_again(served):
    here = served()
    assert eventually(lambda: len(here.workers()) == 1)
    os.kill(here.workers()[0], signal.SIGKILL)
    assert eventually(lambda: len(here.workers()) == 2)
    assert here.complaint() == "bina: the worker ended (code 137); starting it again in 1 s\n"


def test_a_killed_supervisor_leaves_nobody_behind(served):
    here = served()
    assert eventually(lambda: len(here.workers()) == 1)
    family = here.family()
    assert len(family) == 4  # granian, two processes, the worker
    here.supervisor.kill()
    assert gone(family)


def test_supervisor_and_granian_killed_together_leave_nobody_behind(served):
    here = served()
    family, granian = here.family(), here.granian()
    granian.suspend()  # it cannot pass the end of the supervisor on
    here.supervisor.kill()
    granian.kill()
    assert gone(family)


def test_a_killed_granian_is_started_again(served):
    here = served()
    before = here.web_processes()
    here.granian().kill()
    assert here.complaint() == "bina: the web server ended (code 137); starting it again\n"
    assert eventually(lambda: answering(here) and not before & here.web_processes())


def test_web_processes_killed_again_and_again_come_back(served):
    here = served()
    for _ in range(3):  # granian takes this for a crash loop and ends
        for process in here.web_processes():
            os.kill(process, signal.SIGKILL)
        assert eventually(lambda: answering(here))


def test_a_server_that_never_answers_ends_everything_with_its_code(started):
    here = started(BINA_PORT=str(free_port()), BROKEN="1")
    assert here.supervisor.wait(30) == 1
    assert "Bina melayani" not in here.supervisor.stdout.read()


def test_a_stuck_phone_does_not_hold_up_the_others(served):
    here = served(BINA_WORKERS="1")
    with ExitStack() as stuck:
        for _ in range(3):
            phone = stuck.enter_context(socket.create_connection(("127.0.0.1", here.port)))
            phone.sendall(b"POST /body HTTP/1.1\r\nHost: bina\r\nContent-Length: 1000\r\n\r\nhalf a")
        time.sleep(0.3)
        assert here.health()


@dataclass
class Served:
    folder: Path
    supervisor: subprocess.Popen[str]
    port: int = 0

    def said(self) -> str:
        """The next line on standard output; waits for it."""
        assert self.supervisor.stdout
        return self.supervisor.stdout.readline()

    def complaint(self) -> str:
        """The next line of ours on standard error; waits for it."""
        assert self.supervisor.stderr
        return next(line for line in self.supervisor.stderr if line.startswith("bina: "))

    def health(self) -> int:
        """The id of a process that answers."""
        address = f"http://127.0.0.1:{self.port}/healthz"
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.read().split(b":")[1].strip(b" }\n"))

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.supervisor.pid).children(recursive=True)

    def granian(self) -> psutil.Process:
        return next(one for one in self.family() if "app.web" in one.cmdline())

    def web_processes(self) -> set[int]:
        return {one.pid for one in self.granian().children()}

    def workers(self) -> list[int]:
        """The ids of the background workers so far, the dead included."""
        lines = self.folder / "workers"
        return [int(line) for line in lines.read_text().split()] if lines.exists() else []


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])


def eventually(true: Callable[[], object], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=20)
    return not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout whose path has a space in it."""
    checkout = tmp_path / "a checkout"
    (checkout / "app").mkdir(parents=True)
    (checkout / "app" / "__init__.py").touch()
    (checkout / "wsgi.py").write_text(STAND_IN)
    for name in ("serving.py", "web.py"):
        shutil.copy(ROOT / "app" / name, checkout / "app" / name)
    return checkout


@pytest.fixture
def started(folder: Path) -> Iterator[Callable[..., Served]]:
    """A function that starts the supervisor with the settings given to it."""
    with ExitStack() as cleaning:

        def start(**settings: str) -> Served:
            supervisor = subprocess.Popen(
                [sys.executable, "-P", folder / "app" / "serving.py"],
                env={**os.environ, **settings},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            cleaning.callback(supervisor.communicate, timeout=20)
            cleaning.callback(supervisor.kill)
            return Served(folder, supervisor, int(settings.get("BINA_PORT", "0")))

        yield start


@pytest.fixture
def served(started: Callable[..., Served]) -> Callable[..., Served]:
    """A function that starts the supervisor on a free port and returns once its server answers."""

    def serve(**settings: str) -> Served:
        here = started(BINA_PORT=str(free_port()), **settings)
        assert here.said() == f"Bina melayani di http://127.0.0.1:{here.port}\n"
        return here

    return serve


def answering(here: Served) -> bool:
    try:
        return bool(here.health())
    except OSError:
        return False
