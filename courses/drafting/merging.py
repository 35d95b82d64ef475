"""Two people changed one text: what does not touch is put together, and what does is shown from both.

Lines are compared. A place that both changed in different ways becomes three lines of marks around the two
readings; no line that somebody wrote is lost.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MINE, MIDDLE, THEIRS = "<<<<<<<", "=======", ">>>>>>>"
MOST_PAIRS = 2_000_000
"""How many pairs of equal lines are worth comparing; beyond, a text counts as changed from end to end."""

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Names:
    """What stands beside the marks: whose text each one is."""

    mine: str = ""
    theirs: str = ""


NOBODY = Names()


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both, and in how many places they disagree."""

    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class _Match:
    """So many lines are the same in the base, from `base`, and in the other text, from `other`."""

    base: int
    other: int
    size: int


def merge(base: str, mine: str, theirs: str, names: Names = NOBODY) -> Merged:
    """Put two changes of one text together.

    Args:
        base: the text that both began from.
        mine: with one change.
        theirs: with the other.
        names: whose text is whose, for the marks.
    """
    texts = [text.split("\n") for text in (base, mine, theirs)]
    merged: list[str] = []
    conflicts = 0
    for piece in _pieces(*texts):
        chosen = _chosen(*piece)
        if chosen is None:
            conflicts += 1
            merged += [f"{MINE} {names.mine}".rstrip(), *piece[1], MIDDLE]
            merged += [*piece[2], f"{THEIRS} {names.theirs}".rstrip()]
        else:
            merged += chosen
    return Merged("\n".join(merged), conflicts)


def has_marks(text: str) -> bool:
    """Whether a text still holds a place where two readings stand side by side."""
    lines = text.split("\n")
    return all(any(line.startswith(mark) for line in lines) for mark in (MINE, MIDDLE, THEIRS))


def _chosen(base: Lines, mine: Lines, theirs: Lines) -> Lines | None:
    if mine == theirs or base == theirs:
        return mine
    return theirs if base == mine else None


def _pieces(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """Give the texts in pieces that belong together, from the top; where all agree, a piece of its own."""
    at = (0, 0, 0)
    for start, left, right, size in _common(base, mine, theirs):
        yield base[at[0] : start], mine[at[1] : left], theirs[at[2] : right]
        yield (base[start : start + size],) * 3
        at = (start + size, left + size, right + size)
    yield base[at[0] :], mine[at[1] :], theirs[at[2] :]


def _common(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Give the runs that are in all three: where they begin in each, and how long they are."""
    lefts, rights = _matches(base, mine), _matches(base, theirs)
    left = right = 0
    while left < len(lefts) and right < len(rights):
        one, other = lefts[left], rights[right]
        start = max(one.base, other.base)
        end = min(one.base + one.size, other.base + other.size)
        if start < end:
            yield start, one.other + start - one.base, other.other + start - other.base, end - start
        if one.base + one.size < other.base + other.size:
            left += 1
        else:
            right += 1


def _matches(base: Lines, other: Lines) -> list[_Match]:
    """The runs that two texts share. Equal ends are found first: most changes are in one place."""
    head = _alike(base, other)
    tail = _alike(base[head:][::-1], other[head:][::-1])
    inner, changed = base[head : len(base) - tail], other[head : len(other) - tail]
    found = [_Match(0, 0, head)]
    if is_comparable(inner, changed):
        blocks = SequenceMatcher(None, inner, changed, autojunk=False).get_matching_blocks()
        found += [_Match(head + block.a, head + block.b, block.size) for block in blocks]
    found.append(_Match(len(base) - tail, len(other) - tail, tail))
    return [match for match in found if match.size]


def _alike(one: Lines, other: Lines) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def is_comparable(one: Lines, other: Lines) -> bool:
    """Say whether the lines of two texts can be compared in a time that somebody waits for."""
    counts = Counter(other)
    return sum(count * counts[line] for line, count in Counter(one).items()) <= MOST_PAIRS
