"""Keeps the one rendering child of this process: starts it when needed, watches the clock, ends it.

One text at a time; threads wait for each other. A text that takes too long costs the child its life and the
text a refusal; a child that died before or during a text is replaced, and the text tried once more. It is the
time that the child had a processor which counts: a busy machine must not refuse what an idle one answers.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from courses.authoring.limits import SECONDS, Reason
from courses.authoring.pieces import Answer, Piece
from courses.errors import Unavailable

_ROOT = Path(__file__).parents[2]
_LENGTH = 4
_LONGEST_ANSWER = 16 * 1024 * 1024
_SECONDS_TO_START = 30.0
_PATIENCE = 6
"""How many times its seconds a child may take on a busy machine."""

_START = """
import sys
sys.path.insert(0, sys.argv[1])
from courses.authoring.child import main
main()
"""


class RenderingUnavailable(Unavailable):
    """The rendering process can't be started on this machine."""


class _Died(Exception):
    """The child ended in the middle of an exchange."""


class Keeper:
    """Asks the child; see the module. Safe for threads and after `os.fork`."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forget)

    def answer(self, piece: Piece) -> Answer:
        """Have a piece rendered and cleaned.

        Raises:
            RenderingUnavailable: the child doesn't start.
        """
        with self._lock:
            try:
                return self._ask(piece)
            except _Died:
                return self._ask_once_more(piece)

    def start(self) -> int:
        """Start the child if it isn't there, and return its process id."""
        with self._lock:
            return self._running().pid

    def close(self) -> None:
        """End the child; the next piece starts another."""
        with self._lock:
            self._end()

    def _ask(self, piece: Piece) -> Answer:
        child = self._running()
        try:
            return Answer.from_json(_exchange(child, piece.as_json(), _Clock(child.pid, self._seconds)))
        except TimeoutError:
            self._end()
            return Answer(refused=Reason.TIME)
        except _Died:
            self._end()
            raise

    def _ask_once_more(self, piece: Piece) -> Answer:
        try:
            return self._ask(piece)
        except _Died:
            return Answer(refused=Reason.FAILURE)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            self._child = _started()
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            _close_pipes(child)

    def _forget(self) -> None:
        """In a forked process: the child belongs to the other one, which must see its pipes close alone."""
        child, self._child = self._child, None
        self._lock = threading.Lock()
        if child is not None:
            _close_pipes(child)
            child.returncode = 0  # not ours to wait for


def _started() -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        close_fds=True,
        bufsize=0,
    )
    for pipe in _pipes(child):
        os.set_blocking(pipe, False)
    try:
        _receive(child, _Clock(child.pid, _SECONDS_TO_START))
    except (_Died, TimeoutError) as reason:
        child.kill()
        child.wait()
        _close_pipes(child)
        raise RenderingUnavailable from reason
    return child


def _pipes(child: "subprocess.Popen[bytes]") -> tuple[int, int]:
    assert child.stdin is not None  # noqa: S101 - both were asked for
    assert child.stdout is not None  # noqa: S101
    return child.stdin.fileno(), child.stdout.fileno()


def _close_pipes(child: "subprocess.Popen[bytes]") -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def _exchange(child: "subprocess.Popen[bytes]", message: Mapping[str, Any], clock: "_Clock") -> Any:
    data = json.dumps(message).encode("ascii")
    _send(child, len(data).to_bytes(_LENGTH, "big") + data, clock)
    return _receive(child, clock)


def _send(child: "subprocess.Popen[bytes]", data: bytes, clock: "_Clock") -> None:
    pipe, _ = _pipes(child)
    rest = memoryview(data)
    while rest:
        _wait(pipe, select.POLLOUT, clock)
        try:
            rest = rest[os.write(pipe, rest) :]
        except BrokenPipeError:
            raise _Died from None


def _receive(child: "subprocess.Popen[bytes]", clock: "_Clock") -> Any:
    length = int.from_bytes(_read(child, _LENGTH, clock), "big")
    if length > _LONGEST_ANSWER:
        raise _Died
    return json.loads(_read(child, length, clock))


def _read(child: "subprocess.Popen[bytes]", size: int, clock: "_Clock") -> bytes:
    _, pipe = _pipes(child)
    data = bytearray()
    while len(data) < size:
        _wait(pipe, select.POLLIN, clock)
        part = os.read(pipe, size - len(data))
        if not part:
            raise _Died
        data += part
    return bytes(data)


class _Clock:
    """The time that a child may still take."""

    def __init__(self, process: int, seconds: float) -> None:
        self._process = process
        self._seconds = seconds
        self._began = time.monotonic()
        self._used_before = _processor_seconds(process)

    def left(self) -> float:
        """Return for how many seconds nothing need be asked again.

        Raises:
            TimeoutError: it has had its time.
        """
        waited = time.monotonic() - self._began
        used = _processor_seconds(self._process)
        left = self._seconds - (waited if used is None else used - (self._used_before or 0.0))
        if left <= 0 or waited > self._seconds * _PATIENCE:
            raise TimeoutError
        return left


def _wait(pipe: int, event: int, clock: _Clock) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    while not poll.poll(clock.left() * 1000 + 1):
        pass


def _processor_seconds(process: int) -> float | None:
    """Return how long a process has computed; None where the system doesn't tell (it does on Linux)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
