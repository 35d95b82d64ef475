"""Quotes and callouts: what stands behind the `>`, line by line, and what kind of callout it is."""

import re
from dataclasses import dataclass

from courses.authoring.blocks import Block
from courses.authoring.course import Prose
from courses.authoring.manuscript import Manuscript, prose

LESSON_CALLOUTS = ("NOTE", "TIP", "WARNING", "EXAMPLE", "KEYPOINTS", "ACTIVITY", "SOLUTION")
QUIZ_CALLOUTS = ("HINT", "EXPLANATION", "RUBRIC")

_MARKER = re.compile(r"\[!([A-Za-z]+)\][+-]?[ \t]*")
_PREFIX = re.compile(r" {0,3}>[ \t]?")


@dataclass(frozen=True, slots=True)
class Callout:
    """A quote that begins with `[!NAME]`: its name in capitals, and what stands in it with its title."""

    name: str
    block: Block
    prose: Prose


def callout(page: Manuscript, block: Block) -> Callout | None:
    """Return a quote at the left margin as a callout, or None when it is none."""
    name = callout_name(block)
    if not name:
        return None
    lines = quoted(page, block)
    first, text = lines[0]
    lines[0] = (first, _MARKER.sub("", text.lstrip(), count=1))
    return Callout(name, block, prose(page.path, lines))


def callout_name(block: Block) -> str:
    """Return what kind of callout a block is, in capitals, or nothing."""
    if block.kind != "blockquote" or not block.blocks or block.blocks[0].kind != "paragraph":
        return ""
    match = _MARKER.match(block.blocks[0].text)
    return match[1].upper() if match else ""


def quoted(page: Manuscript, block: Block, indent: int = 0) -> list[tuple[int, str]]:
    """Return the lines of a quote without indent and `>`; a line may lack its `>` and still belong to it."""
    return [
        (number, _PREFIX.sub("", dedented(page.lines[number], indent), count=1))
        for number in range(block.first, block.end)
    ]


def indent_of(line: str) -> int:
    """Return how many columns a line is indented by."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def dedented(line: str, indent: int) -> str:
    """Return a line without up to so many columns of its indent."""
    return line.expandtabs(4)[min(indent, indent_of(line)) :] if line[:1] in (" ", "\t") else line
