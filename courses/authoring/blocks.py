"""The structure of a text as CommonMark sees it: a tree of blocks that know their lines.

markdown-it-py decides; nothing else in this room may judge what is a list or a heading. Addresses of links
are taken as they are written, so that a check sees what the author wrote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.authoring.findings import Findings
from courses.authoring.inlines import keep_places
from courses.authoring.manuscript import Manuscript

DEEPEST = 20
"""Levels of markdown-it-py; a list in a list is two."""

_MOST_CELLS = 500
_SIGNS = re.compile(r"[\[\]!<&\\]|[*_`~]+")
_MOST_SIGNS = 500
_FEWEST_CHARACTERS_A_SIGN = 8


@dataclass(slots=True)
class Block:
    """A block and what is in it. `first` and `end` are lines of the file from 0, `end` the one behind it.

    `kind` is markdown-it's name of it without `_open`. `inlines` are the tokens that hold its text.
    """

    kind: str
    first: int
    end: int
    token: Token
    blocks: list["Block"] = field(default_factory=list)
    inlines: list[Token] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """Whether it is a list, numbered or not."""
        return self.kind in ("bullet_list", "ordered_list")

    @property
    def text(self) -> str:
        """The Markdown of a paragraph or heading, its lines stripped of what they are indented by."""
        return self.inlines[0].content if self.inlines else ""


def read_blocks(page: Manuscript, found: Findings) -> list[Block]:
    """Return the blocks of the body of a file; none where it would take too long to tell."""
    for number in range(page.body, len(page.lines)):
        if page.lines[number].count("|") > _MOST_CELLS:
            found.add("text-tangled", page.place(number))
            return []
    root: list[Block] = []
    stack: list[Block] = []
    for token in _tokens(page, found):
        _place(token, root, stack)
    deep = (block for block in walk(root) if block.token.level >= DEEPEST - 1 and block.token.nesting)
    for block in islice(deep, 1):
        found.add("nesting-too-deep", page.place(block.first))
    return root


def _tokens(page: Manuscript, found: Findings) -> Iterator[Token]:
    """Give blocks as markdown-it-py finds them, with what is in their lines unless that is tangled."""
    parser = _markdown()
    env: dict[str, Any] = {}
    for token in parser.parse(page.body_text, env):
        if token.type == "inline" and is_tangled(token.content):
            found.add("text-tangled", page.place(token.map[0] if token.map else page.body))
        elif token.type == "inline":
            token.children = parser.inline.parse(token.content, parser, env, [])
        yield token


def is_tangled(text: str) -> bool:
    """Say whether a paragraph is mostly signs, as nobody writes but to keep a parser busy."""
    signs = sum(1 for _ in _SIGNS.finditer(text)) if len(text) > _MOST_SIGNS else 0
    return signs > _MOST_SIGNS and signs * _FEWEST_CHARACTERS_A_SIGN > len(text)


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give every block, outer ones first."""
    for block in blocks:
        yield block
        yield from walk(block.blocks)


def _place(token: Token, root: list[Block], stack: list[Block]) -> None:
    if token.type == "inline":
        stack[-1].inlines.append(token)
    elif token.nesting < 0:
        stack.pop()
    else:
        first, end = token.map or (stack[-1].first, stack[-1].end)
        block = Block(token.type.removesuffix("_open"), first, end, token)
        (stack[-1].blocks if stack else root).append(block)
        if token.nesting > 0:
            stack.append(block)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST, "html": True, "store_labels": True})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    keep_places(parser)
    return parser
