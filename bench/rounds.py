"""Measures in turn, A B C A B C ...: what disturbs the machine disturbs all alike, and ratios stay true."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.load import Drive, Load
from bench.serving import Server


@dataclass
class Figure:
    """What one contestant did in each round: requests a second, CPU milliseconds a request, median time."""

    name: str
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    medians_ms: list[float] = field(default_factory=list)
    requests: int = 0

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return statistics.median(self.rates)

    @property
    def cpu(self) -> float:
        """CPU milliseconds a request, the median of the rounds."""
        return statistics.median(self.cpu_ms)

    @property
    def median_ms(self) -> float:
        """Milliseconds that half of the answers took at most, the median of the rounds."""
        return statistics.median(self.medians_ms)

    @property
    def spread(self) -> float:
        """How far the rounds lie apart, as a part of their median."""
        return (max(self.rates) - min(self.rates)) / self.rate

    def of(self, floor: "Figure") -> float:
        """Its rate as a part of another's, round by round, the median of these."""
        return statistics.median(mine / its for mine, its in zip(self.rates, floor.rates, strict=True))

    def cpu_of(self, floor: "Figure") -> float:
        """The same from CPU: what the other needs for a request as a part of what it needs itself."""
        return statistics.median(its / mine for mine, its in zip(self.cpu_ms, floor.cpu_ms, strict=True))


@dataclass(frozen=True)
class Contestant:
    """A load for a server, under a name."""

    name: str
    server: Server
    load: Load
    drive: Drive


def run(contestants: Sequence[Contestant], rounds: int) -> dict[str, Figure]:
    """Let each contestant run once a round; their figures by name."""
    figures = {one.name: Figure(one.name) for one in contestants}
    for _ in range(rounds):
        for one in contestants:
            _run_once(one, figures[one.name])
    return figures


def _run_once(one: Contestant, figure: Figure) -> None:
    before = one.server.cpu_seconds()
    driven = one.load.send(one.server.port, one.drive)
    used = one.server.cpu_seconds() - before
    assert driven.bad == 0, f"{one.name}: {driven.bad} answers were refusals or faults"
    figure.requests += driven.requests
    figure.rates.append(driven.requests / driven.seconds)
    figure.cpu_ms.append(1000 * used / driven.requests)
    figure.medians_ms.append(driven.median_ms)
