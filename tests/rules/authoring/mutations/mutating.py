"""Mistakes that an author makes, put into a sound course one at a time: the same seed, the same mistake.

Every mistake knows the line at which it must be reported. The seed chooses one among all places of the course
where it can be made.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Mutation:
    """A course with one mistake, which belongs to line `line` of `path`."""

    mistake: str
    path: str
    line: int
    files: Files


@dataclass(frozen=True)
class Spot:
    """A line of a file, from 0, where a mistake can be made: `pieces` are what the mistake needs to know."""

    path: str
    line: int
    pieces: tuple[str, ...] = ()

    def at(self, line: int) -> "Spot":
        """Another line of the same file."""
        return Spot(self.path, line)


class Draft:
    """The lines of a course's Markdown files, to be looked through and changed."""

    def __init__(self, files: Files) -> None:
        self._files = dict(files)
        self.texts = {
            path: data.decode().split("\n") for path, data in sorted(files.items()) if path.endswith(".md")
        }

    def spots(self, pattern: str, path: str = r".*", where: str = "any") -> Iterator[Spot]:
        """Give the lines that match a pattern: in keys (`front`), below them (`body`), or in any part."""
        for name, lines in self.texts.items():
            end = lines.index("---", 1)
            numbers = {"front": range(1, end), "body": range(end + 1, len(lines)), "any": range(len(lines))}[
                where
            ]
            if re.fullmatch(path, name):
                for number in numbers:
                    if match := re.fullmatch(pattern, lines[number]):
                        yield Spot(name, number, match.groups())

    def changed(self, spot: Spot, *lines: str, count: int = 1) -> Files:
        """The files with so many lines at a spot replaced by others."""
        text = list(self.texts[spot.path])
        text[spot.line : spot.line + count] = lines
        return {**self._files, spot.path: "\n".join(text).encode()}

    def without(self, path: str) -> Files:
        """The files without one."""
        return {name: data for name, data in self._files.items() if name != path}

    def with_bytes(self, path: str, data: bytes) -> Files:
        """The files with one replaced or added."""
        return {**self._files, path: data}

    def bytes_of(self, path: str) -> bytes:
        return self._files[path]

    def question_at(self, spot: Spot) -> int:
        """The line of the heading above a spot."""
        lines = self.texts[spot.path]
        return next(line for line in range(spot.line, 0, -1) if lines[line].startswith("## "))


@dataclass(frozen=True)
class Mistake:
    """Where a mistake can be made, and what it does there: the spot to be blamed, and the new files."""

    spots: Callable[[Draft], Iterable[Spot]]
    make: Callable[[Draft, Spot], tuple[Spot, Files]]


def rewritten(pattern: str, new: str, path: str = r".*", where: str = "any") -> Mistake:
    """A line written otherwise, by a template as for `re.sub`; that line is to be blamed."""
    return Mistake(
        lambda draft: draft.spots(pattern, path, where),
        lambda draft, spot: (
            spot,
            draft.changed(
                spot, *re.sub(pattern, new, draft.texts[spot.path][spot.line], count=1).split("\n")
            ),
        ),
    )


def at_heading(mistake: Mistake) -> Mistake:
    """The same mistake, blamed on the heading of its question."""
    return Mistake(
        mistake.spots, lambda draft, spot: (spot.at(draft.question_at(spot)), mistake.make(draft, spot)[1])
    )


def mutated(files: Files, mistakes: Mapping[str, Mistake], seed: int) -> Mutation:
    """Return a course with one mistake; the seed decides which and where, each mistake in its turn."""
    names = sorted(mistakes)
    name = names[seed % len(names)]
    draft = Draft(files)
    spots = sorted(mistakes[name].spots(draft), key=lambda spot: (spot.path, spot.line))
    spot = random.Random(seed).choice(spots)
    blamed, changed = mistakes[name].make(draft, spot)
    return Mutation(name, blamed.path, blamed.line + 1, changed)
