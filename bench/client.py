"""A small load generator for machines without wrk: one thread, many connections, bytes made before.

It costs some 30 microseconds of a core for each request, so rates are lower than wrk's; the server's CPU is
not.
"""

import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle


@dataclass(frozen=True, slots=True)
class Took:
    """What came of a drive."""

    requests: int
    seconds: float
    bad: int
    median_ms: float


@dataclass(slots=True)
class _Tally:
    times: list[float] = field(default_factory=list)
    bad: int = 0


class _Line:
    """One connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sent = 0.0
        self._got = b""

    def send(self, raw: bytes) -> None:
        self._sent, self._got = time.perf_counter(), b""
        self.socket.sendall(raw)

    def receive(self, tally: _Tally) -> bool:
        """Take what is there; whether the answer is whole."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server hung up")
        self._got += part
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return False
        tally.times.append(time.perf_counter() - self._sent)
        tally.bad += head[9:10] not in b"23"
        return True


def drive(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Took:
    """Send the requests in turn over so many connections for so many seconds."""
    tally, turns = _Tally(), cycle(requests)
    began = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for _ in range(connections):
            line = _Line(port)
            waiting.register(line.socket, selectors.EVENT_READ, line)
            line.send(next(turns))
        _exchange(waiting, turns, tally, began + seconds)
        took = time.perf_counter() - began
        for key in list(waiting.get_map().values()):
            key.data.socket.close()
    return Took(len(tally.times), took, tally.bad, statistics.median(tally.times) * 1000)


def _exchange(waiting: selectors.BaseSelector, turns: Iterator[bytes], tally: _Tally, until: float) -> None:
    while time.perf_counter() < until:
        for key, _ in waiting.select(0.1):
            if key.data.receive(tally):
                key.data.send(next(turns))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
