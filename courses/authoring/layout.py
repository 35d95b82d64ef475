"""What each file of a course folder is, told by its path alone: numbers order, names identify.

course.md                  the course
NN-name/                   a module          NN-name/module.md    what it says of itself
NN-name.md                 a lesson, in the course or in a module
NN-name.quiz.md            a quiz            NN-name.survey.md    a survey
bank/**/name.quiz.md       a bank            media/**             what a browser may fetch
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from courses.authoring.course import Place
from courses.authoring.findings import Findings

_NUMBERED = re.compile(r"([0-9]{1,6})-(.+)")
_SUFFIX = re.compile(r"(\.quiz|\.survey)?\.md")
_SILENT = re.compile(r"(?:.*/)?(?:readme|license|licence|changelog|contributing)(?:\.[a-z]+)?", re.IGNORECASE)


class StepKind(StrEnum):
    """What a numbered Markdown file is, by the end of its name."""

    LESSON = ".md"
    QUIZ = ".quiz.md"
    SURVEY = ".survey.md"


@dataclass(frozen=True, slots=True)
class StepFile:
    """A numbered file. `name` is what its name says without number and ending."""

    path: str
    number: int
    name: str
    kind: StepKind


@dataclass(frozen=True, slots=True)
class ModuleFolder:
    """A numbered folder; `cover` is the path of its module.md, or where it would stand."""

    path: str
    number: int
    name: str
    steps: tuple[StepFile, ...]

    @property
    def cover(self) -> str:
        """The path of the file that speaks for the module."""
        return f"{self.path}/module.md"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a course, by what they are; parts and steps in the order of their numbers."""

    parts: tuple[ModuleFolder | StepFile, ...]
    banks: tuple[str, ...]
    media: tuple[str, ...]

    @property
    def steps(self) -> Iterator[StepFile]:
        """Give every numbered file in the order in which learners walk."""
        for part in self.parts:
            yield from part.steps if isinstance(part, ModuleFolder) else (part,)


def bank_name(path: str) -> str:
    """Return the name by which a quiz draws from a bank: its path without the ending."""
    return path.removesuffix(StepKind.QUIZ)


def laid_out(paths: Iterable[str], found: Findings) -> Layout:
    """Return what the files of a course are; a file that is nothing is ignored with a warning."""
    paths = list(paths)
    folders: dict[str, list[str]] = {"": []}
    for path in paths:
        folders.setdefault(posixpath.dirname(path), []).append(path)
    modules = [module for folder, inside in folders.items() if (module := _module(folder, inside))]
    parts: list[ModuleFolder | StepFile] = [*_steps(folders[""]), *modules]
    layout = Layout(
        parts=tuple(sorted(parts, key=_rank)),
        banks=tuple(path for path in paths if path.startswith("bank/") and path.endswith(StepKind.QUIZ)),
        media=tuple(path for path in paths if path.startswith("media/")),
    )
    _find_ignored(paths, layout, found)
    _find_same_numbers(layout.parts, found)
    for part in layout.parts:
        _find_same_numbers(part.steps if isinstance(part, ModuleFolder) else (), found)
    return layout


def _module(folder: str, inside: list[str]) -> ModuleFolder | None:
    match = _NUMBERED.fullmatch(folder)
    if not match or "/" in folder:
        return None
    return ModuleFolder(folder, int(match[1]), match[2], tuple(_steps(inside)))


def _steps(paths: list[str]) -> list[StepFile]:
    return sorted(filter(None, map(_step, paths)), key=_rank)


def _step(path: str) -> StepFile | None:
    match = _NUMBERED.fullmatch(posixpath.basename(path))
    ending = _SUFFIX.search(match[2]) if match else None
    if not match or not ending or ending.end() != len(match[2]) or not ending.start():
        return None
    return StepFile(path, int(match[1]), match[2][: ending.start()], StepKind(ending[0]))


def _rank(part: ModuleFolder | StepFile) -> tuple[int, str]:
    return part.number, part.path


def _find_ignored(paths: list[str], layout: Layout, found: Findings) -> None:
    covers = {part.cover for part in layout.parts if isinstance(part, ModuleFolder)}
    known = {"course.md", *covers, *layout.banks, *layout.media, *(step.path for step in layout.steps)}
    for path in paths:
        if path not in known and not _SILENT.fullmatch(path):
            found.add("ignored", Place(path))


def _find_same_numbers(parts: Sequence[ModuleFolder | StepFile], found: Findings) -> None:
    for before, part in pairwise(parts):
        if before.number == part.number:
            place = Place(part.cover if isinstance(part, ModuleFolder) else part.path)
            found.add("same-number", place, other=posixpath.basename(before.path))
