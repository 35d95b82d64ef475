"""Sends requests that were made before, as fast as they are answered: by wrk if it is there, else by ours.

Both keep their connections, take the requests in turn, and count as bad every answer but 2xx and 3xx.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import client
from bench.wire import Request

WRK = shutil.which("wrk")
SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Drive:
    """How hard to drive: over so many connections, for so many seconds."""

    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Driven:
    """What a server answered: requests, in so many seconds, half of them faster than `median_ms`."""

    requests: int
    seconds: float
    bad: int
    median_ms: float


class Load:
    """A list of requests, ready to be sent to a port. With `once`, no request is ever sent a second time."""

    def __init__(self, requests: Sequence[Request], *, once: bool = False) -> None:
        self._raw = [request.raw for request in requests]
        self._once = once
        self._turn = 0
        self._file = tempfile.NamedTemporaryFile(suffix=".requests")  # noqa: SIM115 - kept as long as this
        for raw in self._raw:
            self._file.write(b"%d\n%b" % (len(raw), raw))
        self._file.flush()

    def send(self, port: int, drive: Drive) -> Driven:
        """Drive a server, and go on where the last drive ended."""
        driven = self._by_wrk(port, drive) if WRK else self._by_client(port, drive)
        # What was under way at the end was sent too.
        self._turn += driven.requests + 2 * drive.connections
        assert not self._once or self._turn <= len(self._raw), "too few requests for a drive this long"
        return driven

    def _by_client(self, port: int, drive: Drive) -> Driven:
        start = self._turn % len(self._raw)
        took = client.drive(port, self._raw[start:] + self._raw[:start], drive.connections, drive.seconds)
        return Driven(took.requests, took.seconds, took.bad, took.median_ms)

    def _by_wrk(self, port: int, drive: Drive) -> Driven:
        said = subprocess.run(
            [
                *(WRK or "", "--threads", "1", "--connections", str(drive.connections)),
                *("--duration", f"{drive.seconds:.0f}s", "--timeout", "20s", "--script", str(SCRIPT)),
                *(f"http://127.0.0.1:{port}", "--", self._file.name, str(self._turn)),
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=drive.seconds + 60,
        ).stdout
        requests, microseconds, bad, median, _ = map(int, said.rpartition("BENCH")[2].split())
        return Driven(requests, microseconds / 1e6, bad, median / 1000)
