"""Servers to measure: Bina as it is shipped, and a floor beside it, each a granian with two processes.

What a server costs is read from /proc: CPU of its processes, and the memory that each has to itself.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.serving import end_with_parent
from config import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_TO_START = 60.0
BINA = ("-m", "app.web")


class NotServing(Exception):
    """A server ended, or did not answer in time."""


@dataclass(frozen=True)
class Server:
    """A running server. The first of its processes looks after the others, which are the workers."""

    port: int
    process: subprocess.Popen[bytes]
    seconds_to_answer: float

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def cpu_seconds(self) -> float:
        """What all its processes have used so far, in user and in system mode."""
        return sum(_cpu_seconds(pid) for pid in (self.process.pid, *self.workers))

    def memory_of_workers(self) -> int:
        """Bytes of the workers, pages that they share counted once in all (PSS)."""
        return sum(_proportional_bytes(pid) for pid in self.workers)

    def memory_of_parent(self) -> int:
        """Bytes of the process that looks after the workers (PSS)."""
        return _proportional_bytes(self.process.pid)


@contextmanager
def served(command: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[Server]:
    """Run a server with Python, by these arguments, until the block ends.

    Args:
        command: Python's arguments, or a program with a path.
        settings: its environment, beside ours without our own settings.

    Raises:
        NotServing: it ended, or did not answer in time.
    """
    port = int(settings["BINA_PORT"])
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command] if command[0].startswith("-") else command,
        cwd=ROOT,
        env=_surroundings(settings),
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGTERM),
    )
    try:
        _wait(process, port)
        yield Server(port, process, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Ask a server of this machine once; its status and its body as it travelled."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BINA_")}
    return {**ours, "BINA_ENV": "development", "BINA_WORKERS": "2", **settings}


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotServing(f"the server ended with {process.returncode}")
        try:
            if fetch(port, "/healthz")[0] == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.005)
    raise NotServing("no answer in time")


def _cpu_seconds(pid: int) -> float:
    # The name, in parentheses, may hold anything; what comes after it is numbers.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _proportional_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, *value = line.split()
        if name == "Pss:":
            return int(value[0]) * 1024
    raise LookupError(f"no Pss for {pid}")
