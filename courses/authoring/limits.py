"""How much one piece of text may ask for, and the refusal that says which limit it met.

The limits are far from what people write and the same on every machine: work is counted, not timed. Time and
memory of the child process are the last resort, for what the count can't see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from courses.errors import Invalid

LONGEST = 200_000
"""Characters of one piece of text."""

DEEPEST = 40
"""Quotes and lists inside each other."""

SECONDS = 1.5
"""Processor time for one piece of text; the clock may show more where the machine is busy."""

MEMORY = 512 * 1024 * 1024
"""Address space of the child, in bytes: about ten times what a long lesson takes."""

_ALLOWANCE = 40_000
_ALLOWANCE_PER_CHARACTER = 25


class Reason(StrEnum):
    """Why a text was not rendered."""

    LENGTH = "too-long"
    DEPTH = "too-deep"
    TANGLE = "too-tangled"
    TIME = "too-slow"
    MEMORY = "too-large"
    FAILURE = "failed"


class TextRefused(Invalid):
    """A text asks for more than one text may. `reason` says of what."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value, reason=reason.value)
        self.reason = reason


class Effort:
    """Counts the work of rendering one text, in units of about a quarter of a microsecond.

    The allowance grows with the length of the text, so that no text takes more than a time linear in it:
    what is quadratic in Python-Markdown (8 kB of `[` takes 7.5 s there) spends its allowance early and is
    refused, at the same character on every machine.
    """

    def __init__(self) -> None:
        self._left = 0

    def allow(self, length: int) -> None:
        """Begin a text of so many characters."""
        if length > LONGEST:
            raise TextRefused(Reason.LENGTH)
        self._left = _ALLOWANCE + _ALLOWANCE_PER_CHARACTER * length

    def spend(self, units: int) -> None:
        """Take units of the allowance.

        Raises:
            TextRefused: nothing is left; and again for every later unit, so that swallowing it once doesn't
            help.
        """
        self._left -= units
        if self._left < 0:
            raise TextRefused(Reason.TANGLE)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a hostile text provokes in a parser into a refusal."""
    try:
        yield
    except RecursionError:
        raise TextRefused(Reason.DEPTH) from None
    except MemoryError:
        raise TextRefused(Reason.MEMORY) from None
