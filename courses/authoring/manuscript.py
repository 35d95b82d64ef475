"""One Markdown file as its author sees it: lines counted from the top of the file, front matter included.

A line end may be LF, CRLF or CR, and a byte order mark may stand in front; neither is counted.
"""

import re
from dataclasses import dataclass

from courses.authoring.course import Place, Prose
from courses.authoring.findings import Findings

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?")
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A decoded file: front matter in `lines[1:front]`, the body in `lines[body:]`; lines count from 0."""

    path: str
    lines: tuple[str, ...]
    front: int = 1
    body: int = 0

    def place(self, line: int, column: int = 0) -> Place:
        """Return the place of a line and column that count from 0."""
        return Place(self.path, line + 1, column + 1)

    @property
    def prose(self) -> Prose:
        """The whole body, without the empty lines around it."""
        return prose(self.path, list(enumerate(self.lines))[self.body :])

    @property
    def body_text(self) -> str:
        """The body with its lines where they are in the file: what stands before it is blank."""
        return "\n" * self.body + "\n".join(self.lines[self.body :])


def prose(path: str, lines: list[tuple[int, str]], column: int = 0) -> Prose:
    """Return Markdown made of (line number, text) pairs, without the empty lines around it.

    Args:
        path: of the file they come from.
        lines: numbers count from 0; dedented.
        column: where the first line begins in the file, from 0.
    """
    filled = [place for place, (_, text) in enumerate(lines) if text.strip()]
    if not filled:
        first = lines[0][0] if lines else 0
        return Prose("", Place(path, first + 1, 1))
    kept = lines[filled[0] : filled[-1] + 1]
    return Prose(
        "\n".join(text.rstrip(" \t") if number == kept[-1][0] else text for number, text in kept),
        Place(path, kept[0][0] + 1, column + 1 if filled[0] == 0 else 1),
    )


def opened(path: str, data: bytes, found: Findings) -> Manuscript | None:
    """Return the file's text, or None when it is no text at all; what is wrong with it is found."""
    text = _decoded(path, data, found)
    if text is None:
        return None
    lines = tuple(text.split("\n"))
    _find_control_character(path, lines, found)
    return _divided(Manuscript(path, lines), found)


def _decoded(path: str, data: bytes, found: Findings) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = _LINE_END.sub("\n", data[: error.start].decode()).split("\n")
        found.add("not-utf8", Place(path, len(before), len(before[-1]) + 1))
        return None
    return _LINE_END.sub("\n", text.removeprefix("\ufeff"))


def _find_control_character(path: str, lines: tuple[str, ...], found: Findings) -> None:
    for number, line in enumerate(lines):
        if character := _CONTROL.search(line):
            place = Place(path, number + 1, character.start() + 1)
            found.add("control-character", place, character=f"U+{ord(character[0]):04X}")
            return


def _divided(page: Manuscript, found: Findings) -> Manuscript:
    """Find the two lines of `---` and what lies between and behind them."""
    if not _FENCE.fullmatch(page.lines[0]):
        found.add("front-matter-missing", page.place(0))
        return page
    for number in range(1, len(page.lines)):
        if _FENCE.fullmatch(page.lines[number]):
            return Manuscript(page.path, page.lines, number, number + 1)
    found.add("front-matter-unclosed", page.place(0))
    return Manuscript(page.path, page.lines, len(page.lines), len(page.lines))
