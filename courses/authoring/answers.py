"""Which part of a question is its answers, told by their shape alone.

The answers are one list with markers or one run of `= ` lines. What looks like an answer and isn't read as
one is an error, so that no key is ever printed with the question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from courses.authoring.blocks import Block, walk
from courses.authoring.choices import almost_marker, is_answer_list, read_choices
from courses.authoring.course import Answers, Place
from courses.authoring.inlines import Places, masked
from courses.authoring.lines import Run, has_answer_lines, read_lines, run_of
from courses.authoring.sheet import Sheet

LIKE_AN_ANSWER = re.compile(
    r" {0,3}=[ \t]+\S|\s*(?:[-+*]|[0-9]{1,9}[.)])\s+(?:\([ xX]\)|\[[ xX](?: ?[-+]?[0-9.,]+%)?\])(?:\s|$)"
)
"""A line that is an answer wherever it stands, but in code."""

_GLUED = re.compile(r"=[^\s=]")
_CLOZE = re.compile(r"(?<!\\)\[\[[^\[\]\n]{1,500}\]\]")
_PAIR = re.compile(r"(?:.*[^\\-])?->(?:\s|$)")


class Shape(Enum):
    """What answers look like."""

    CHOICES = auto()
    LINES = auto()
    ESSAY = auto()


@dataclass(frozen=True, slots=True)
class Area:
    """Where answers stand: lines `first` to before `end`, in `count` blocks from the block `at`."""

    shape: Shape
    first: int
    end: int
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """A question before it is read: `blocks` are what follows the heading, callouts for answers left out."""

    heading: Block
    blocks: Sequence[Block]
    end: int


def areas_of(blocks: Sequence[Block]) -> list[Area]:
    """Return every place in which answers stand; a question should have one."""
    areas: list[Area] = []
    for at, block in enumerate(blocks):
        if areas and at < areas[-1].at + areas[-1].count:
            continue
        if is_answer_list(block):
            areas.append(Area(Shape.CHOICES, block.first, block.end, at, 1))
        elif has_answer_lines(block):
            run = run_of(blocks, at)
            areas.append(Area(Shape.LINES, run.first, run.end, at, run.blocks))
        elif _is_writing_line(block):
            areas.append(Area(Shape.ESSAY, block.first, block.end, at, 1))
    return areas


def _is_writing_line(block: Block) -> bool:
    """Say whether a block is `____`; markdown-it counts the signs of a line across the page one too many."""
    return block.kind == "hr" and block.token.markup.startswith("_____")


def read_answers(sheet: Sheet, part: Part, areas: Sequence[Area]) -> Answers | None:
    """Return the answers of a question, or None when there are none that can be read."""
    before = sheet.found.errors
    _find_lost(sheet, part, areas)
    cloze = next(_clozes(sheet, part.blocks[: areas[0].at] if areas else part.blocks), None)
    if areas:
        _find_second(sheet, part, areas, cloze)
        return _read(sheet, part, areas[0])
    if cloze:
        sheet.found.add("unsupported", cloze, what="[[...]]")
    elif sheet.found.errors == before:
        _explain_absence(sheet, part)
    return None


def _read(sheet: Sheet, part: Part, area: Area) -> Answers | None:
    if area.shape is Shape.CHOICES:
        return read_choices(sheet, part.heading, part.blocks[area.at])
    if area.shape is Shape.LINES:
        return read_lines(sheet, part.heading, Run(area.first, area.end, area.count))
    sheet.add("unsupported", area.first, what="____")
    return None


def _find_second(sheet: Sheet, part: Part, areas: Sequence[Area], cloze: Place | None) -> None:
    """Find a second set of answers, and what follows the answers though nothing may."""
    if cloze:
        sheet.found.add("two-answers", cloze)
    for area in areas[1:2]:
        sheet.add("two-answers", area.first)
    taken = {at for area in areas for at in range(area.at, area.at + area.count)}
    after = areas[0].at + areas[0].count
    for at in range(after, len(part.blocks)):
        if at not in taken:
            block = part.blocks[at]
            is_feedback = at == after and block.kind == "blockquote"
            sheet.add_at("feedback-place" if is_feedback else "text-after-answers", block)
            return


def _find_lost(sheet: Sheet, part: Part, areas: Sequence[Area]) -> None:
    read = {line for area in areas for line in range(area.first, area.end)}
    code = code_lines(part.blocks)
    for number in range(part.heading.end, part.end):
        if number not in read and number not in code and LIKE_AN_ANSWER.match(sheet.page.lines[number]):
            sheet.add("answer-lost", number)
    for block in part.blocks:
        for offset, line in enumerate(block.text.split("\n") if block.kind == "paragraph" else ()):
            if _GLUED.match(line):
                sheet.add("answer-space", block.first + offset)


def code_lines(blocks: Sequence[Block]) -> set[int]:
    """Return the lines of fenced code, in which nothing is an answer."""
    return {line for block in walk(blocks) if block.kind == "fence" for line in range(block.first, block.end)}


def _clozes(sheet: Sheet, blocks: Sequence[Block]) -> Iterator[Place]:
    for block in walk(blocks):
        for inline in block.inlines if block.kind == "paragraph" else ():
            if match := _CLOZE.search(masked(inline)):
                yield Places(sheet.page, inline).place(match.start())


def _explain_absence(sheet: Sheet, part: Part) -> None:
    """The last list may be one whose markers are mistyped, or pairs."""
    last = next((block for block in reversed(part.blocks) if block.is_list), None)
    mistyped = next((item for item in last.blocks if almost_marker(item)), None) if last else None
    if mistyped:
        sheet.add_at("bad-marker", mistyped, text=almost_marker(mistyped))
    elif last and all(_is_pair(item) for item in last.blocks):
        sheet.add_at("unsupported", last, what="->")
    else:
        sheet.add_at("no-answers", part.heading)


def _is_pair(item: Block) -> bool:
    return bool(item.blocks) and _PAIR.match(item.blocks[0].text) is not None
