"""Where Markdown tools disagree: what is a list to CommonMark may be plain text to another.

Three habits of authors differ: a list or table right under a paragraph, less than four spaces inside a list
item, and lists numbered `1)`. Answer lists of a quiz are never rendered as lists, so they may be written
either way.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from courses.authoring.blocks import Block
from courses.authoring.course import Place
from courses.authoring.findings import Findings
from courses.authoring.manuscript import Manuscript
from courses.authoring.quotes import indent_of

_QUOTE_PREFIX = re.compile(r"(?: {0,3}> ?)+")
_STEP = 4


def check_dialect(page: Manuscript, blocks: Sequence[Block], found: Findings) -> None:
    """Warn of what is read in two ways, in blocks that stand side by side and in what they hold."""
    for before, block in pairwise(blocks):
        touches = block.first == before.end and before.kind == "paragraph" and not _is_callout_title(before)
        if touches and (block.is_list or block.kind == "table"):
            found.add_dialect("list" if block.is_list else "table", _place(page, block))
    for block in blocks:
        if block.kind == "blockquote":
            check_dialect(page, block.blocks, found)
        elif block.is_list:
            _check_list(page, block, found)


def _is_callout_title(paragraph: Block) -> bool:
    return paragraph.text.startswith("[!") and paragraph.end == paragraph.first + 1


def _check_list(page: Manuscript, block: Block, found: Findings) -> None:
    if block.token.markup == ")":
        found.add_dialect("marker", _place(page, block))
    _check_items(page, block.blocks, found)


def _check_items(page: Manuscript, items: Iterable[Block], found: Findings) -> None:
    """What belongs to an item begins four columns further in than its marker; one warning a list."""
    for item in items:
        margin = _indent(page, item) + _STEP
        inside = [block for block in item.blocks if block.first > item.first]
        shallow = next((block for block in inside if _indent(page, block) < margin), None)
        if shallow:
            found.add_dialect("indent", _place(page, shallow))
            return
        for block in inside:
            if block.is_list:
                _check_list(page, block, found)


def _indent(page: Manuscript, block: Block) -> int:
    return indent_of(_QUOTE_PREFIX.sub("", page.lines[block.first], count=1))


def _place(page: Manuscript, block: Block) -> Place:
    line = page.lines[block.first]
    rest = _QUOTE_PREFIX.sub("", line, count=1).lstrip()
    return page.place(block.first, len(line) - len(rest))
