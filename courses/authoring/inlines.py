"""Links, pictures, code and HTML inside a line of text, each with its exact place in the file.

markdown-it-py gives lines to blocks only. Here its inline rules note at which character of the block's text
each token begins and ends, and `Places` leads that character back to a line and column of the file.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, backtick, html_inline, image, link
from markdown_it.token import Token

from courses.authoring.course import Place
from courses.authoring.manuscript import Manuscript

Rule = Callable[[StateInline, bool], bool]

_RULES: dict[str, Rule] = {
    "link": link,
    "image": image,
    "autolink": autolink,
    "html_inline": html_inline,
    "backticks": backtick,
}
_MATHS = re.compile(r"\$(?![\s$])(?:\\.|[^\\$\n])+(?<!\s)\$(?![0-9])")
_INK = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class Span:
    """A link (`link_open`), `image`, `code_inline`, `html_inline` or `maths` in a text, by characters."""

    token: Token
    start: int
    end: int


def keep_places(parser: MarkdownIt) -> None:
    """Make the parser note where inline tokens begin and end; `$maths$` is one, with no links in it."""
    for name, rule in _RULES.items():
        parser.inline.ruler.at(name, _noting(rule))
    parser.inline.ruler.before("escape", "maths", _noting(_maths))


def spans(inline: Token) -> Iterator[Span]:
    """Give what stands in a text in the order of its beginnings, without what a description holds."""
    for token in inline.children or ():
        if "start" in token.meta:
            yield Span(token, token.meta["start"], token.meta["end"])


def masked(inline: Token) -> str:
    """Return a text with blanks for its links, pictures, code and maths; all else keeps its place."""
    pieces, done = [], 0
    for span in spans(inline):
        if span.start >= done:
            pieces += [
                inline.content[done : span.start],
                _INK.sub(" ", inline.content[span.start : span.end]),
            ]
            done = span.end
    return "".join([*pieces, inline.content[done:]])


class Places:
    """Leads the characters of one inline token's text back to places in the file."""

    def __init__(self, page: Manuscript, inline: Token) -> None:
        self._page = page
        self._first = inline.map[0] if inline.map else 0
        self._lines = inline.content.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))

    def place(self, at: int) -> Place:
        """Return the place of a character, counted from 0."""
        row = bisect_right(self._starts, at, hi=len(self._lines)) - 1
        number = self._first + row
        line = self._page.lines[number] if number < len(self._page.lines) else ""
        return self._page.place(number, _column(line, self._lines[row]) + at - self._starts[row])


def _column(line: str, text: str) -> int:
    """Where a text begins in its line: at its end, unless it is a cell, a heading or changed by tabs."""
    if line.rstrip().endswith(text.rstrip()):
        return len(line.rstrip()) - len(text.rstrip())
    return max(line.find(text), len(line) - len(line.lstrip()) if text.strip() not in line else 0)


def _noting(rule: Rule) -> Rule:
    def noted(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            made = (token for token in state.tokens[count:] if token.type != "text")
            if token := next(made, None):
                token.meta |= {"start": start, "end": state.pos}
        return True

    return noted


def _maths(state: StateInline, silent: bool) -> bool:
    match = _MATHS.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if not match:
        return False
    if not silent:
        state.push("maths", "", 0).content = match[0]
    state.pos = match.end()
    return True
