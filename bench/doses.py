"""How much is measured: quick takes about a minute and a half, full (BINA_DOSE=full) some ten."""

import os
from dataclasses import dataclass

SUBMISSIONS_A_SECOND = 3000  # more than two cores reach, raw path and all: no exam is handed in twice


@dataclass(frozen=True, slots=True)
class Dose:
    """Rounds and seconds of each contestant; how often each single act is timed; sign-ins of each kind."""

    name: str
    rounds: int
    seconds: float
    acts: int
    starts: int
    refusals: int

    @property
    def exams(self) -> int:
        """How many exams a measurement can hand in at most."""
        return int(SUBMISSIONS_A_SECOND * self.rounds * self.seconds)


QUICK = Dose("quick", rounds=3, seconds=1, acts=9, starts=3, refusals=40)
FULL = Dose("full", rounds=9, seconds=4, acts=40, starts=9, refusals=400)


def chosen() -> Dose:
    """The dose that the environment asks for."""
    return FULL if os.environ.get("BINA_DOSE") == "full" else QUICK
