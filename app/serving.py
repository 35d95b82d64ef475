"""Starts Bina and keeps it going: the web server, which sets up first, and the background worker beside it.

One rule: nothing outlives its starter. Whoever stops the supervisor, and however, stops everything.
It needs the standard library only, so it is small and there at once: `python -P app/serving.py`.
"""

import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
WEB = (sys.executable, "-m", "app.web")
WORKER = (sys.executable, "-m", "flask", "--app", "wsgi", "worker")

TICK = 0.1
# The web server gives a request 15 seconds to end (app/web.py); after this many we insist.
PATIENCE = 20.0
SLOW_OPENING = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SETTLED = 60.0

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Address:
    """Where people reach the server, as `BINA_HOST` and `BINA_PORT` say."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address as a person types it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def near(self) -> str:
        """The host under which this machine reaches itself."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound


@dataclass
class Stop:
    """Whether someone asked us to end; set by a signal, read by the loops."""

    asked: bool = False

    def listen(self) -> None:
        """Take SIGTERM, SIGINT and SIGHUP as the wish to end, unless (as under nohup) they are ignored."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


@dataclass
class Opening:
    """The time until the server first answers; the background worker waits for its end."""

    where: Address
    began: float = field(default_factory=time.monotonic)
    answered: bool = False
    late: bool = False

    def over(self) -> bool:
        """Look whether the server answers, and say so once; a server that is late is complained of once."""
        if not self.answered and answers(self.where):
            self.answered = True
            print(f"Bina melayani di {self.where.url}", flush=True)
        elif not (self.answered or self.late) and time.monotonic() - self.began > SLOW_OPENING:
            self.late = True
            complain(f"no answer yet from {self.where.url}/healthz; still trying")
        return self.answered


@dataclass
class Background:
    """The background worker: started again when it dies, more slowly each time that it dies young."""

    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE

    def keep(self) -> None:
        """Start it if it is not there and its time has come."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.process, self.born = start(WORKER), time.monotonic()
        elif self.process.poll() is not None:
            self._start_later(exit_code(self.process.returncode))

    def _start_later(self, code: int) -> None:
        if time.monotonic() - self.born > SETTLED:
            self.pause = FIRST_PAUSE
        complain(f"the worker ended (code {code}); starting it again in {self.pause:.0f} s")
        self.process, self.due = None, time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


def main() -> int:
    """Run until told to stop; return the exit code: that of the web server, or of its setup."""
    os.chdir(ROOT)
    stop = Stop()
    stop.listen()
    try:
        where = address()
    except ValueError:
        complain("BINA_PORT is not a number")
        return os.EX_CONFIG
    # Before anything starts: a second start must not migrate under a server that is running.
    if why := unusable(where):
        complain(f"{where.url} {why}; choose another, for example: ./run --port 8001")
        return os.EX_UNAVAILABLE
    return serve(where, stop)


def address() -> Address:
    """Return the address to serve on.

    Raises:
        ValueError: the port is not a number.
    """
    return Address(os.environ.get("BINA_HOST", "127.0.0.1"), int(os.environ.get("BINA_PORT", "8000")))


def unusable(where: Address) -> str:
    """Return why the address cannot be served on, or nothing."""
    try:
        bind_once(where)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        return "is taken by another program" if taken else f"cannot be used ({error.strerror})"
    except OverflowError:
        return "has a port that does not exist"
    return ""


def bind_once(where: Address) -> None:
    """Bind the address and let it go. Granian shares ports, so two servers would not notice each other.

    Raises:
        OSError: it is taken, not ours, or not allowed.
        OverflowError: there is no such port.
    """
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, place = found[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(place)


def serve(where: Address, stop: Stop) -> int:
    """Keep web server and worker going until told to stop; return the code of the server.

    A server that has answered is started again when it dies. One that never answered ends everything: what
    is wrong with it would be wrong again.
    """
    background = Background()
    while True:
        web, opening = start(WEB), Opening(where)
        while web.poll() is None and not stop.asked:
            if opening.over():
                background.keep()
            time.sleep(TICK)
        if stop.asked or not opening.answered:
            end([web, *filter(None, [background.process])])
            return exit_code(web.returncode)
        end([web])  # what it left of its group
        complain(f"the web server ended (code {exit_code(web.returncode)}); starting it again")


def answers(where: Address) -> bool:
    """Tell whether the health address answers 200."""
    connection = http.client.HTTPConnection(where.near, where.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def start(command: Iterable[str]) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, so that a terminal's Ctrl-C reaches us alone."""
    return subprocess.Popen(
        list(command),
        cwd=ROOT,
        process_group=0,
        preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGTERM),
    )


def end_with_parent(parent: int, number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent dies, even by `kill -9` (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each process to end, wait, then insist on its whole group."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def exit_code(returned: int) -> int:
    """Return the code that a shell would give: 128 + N for an end by signal N."""
    return 128 - returned if returned < 0 else returned


def complain(line: str) -> None:
    """Say one line on standard error, as our commands do."""
    print(f"bina: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
