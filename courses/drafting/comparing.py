"""Two states of a text, line by line: what went, what came, and a little of what stayed around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from courses.drafting.merging import is_comparable

AROUND = 3
MOST_LINES = 2000
GONE, NEW, SAME, SKIPPED = "-", "+", " ", "…"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison. `sign`: gone, new, the same, or lines that are left out here."""

    sign: str
    text: str


def compared(before: str, after: str) -> list[Line]:
    """Return the lines in which two texts differ, with some around them; at most MOST_LINES."""
    old, new = before.splitlines(), after.splitlines()
    lines = list(_lines(old, new))
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], Line(SKIPPED, "")]


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    if not is_comparable(old, new):
        yield from (Line(GONE, text) for text in old)
        yield from (Line(NEW, text) for text in new)
        return
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    for count, group in enumerate(groups):
        if count:
            yield Line(SKIPPED, "")
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (Line(SAME, text) for text in old[a:b])
            else:
                yield from (Line(GONE, text) for text in old[a:b])
                yield from (Line(NEW, text) for text in new[c:d])
