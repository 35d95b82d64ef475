"""Whether cleaned HTML holds still: every parser reads the tree it says, so that cleaning changes nothing.

The rule is a narrow grammar, read in one pass: each tag closed by its own end, blocks in blocks, text in
phrases, tables and lists strictly nested. What is outside the grammar may still hold still; then the cleaner
finds out by trying.
"""

import re
from collections.abc import Mapping

_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
_VOID = frozenset({"br", "hr", "img"})
_PHRASE = frozenset(
    {
        "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s",
        "samp", "small", "span", "strong", "sub", "sup", "var",
    }
)  # fmt: skip
_BLOCK = frozenset(
    {
        "blockquote", "details", "div", "dl", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre",
        "table", "ul",
    }
)  # fmt: skip
_FLOW = _PHRASE | _BLOCK
_ROWS = frozenset({"tr"})

_INSIDE: Mapping[str, frozenset[str]] = {
    "": _FLOW,
    "blockquote": _FLOW,
    "caption": _PHRASE,
    "dd": _FLOW,
    "details": _FLOW | {"summary"},
    "div": _FLOW,
    "dl": frozenset({"dt", "dd"}),
    "figcaption": _PHRASE,
    "figure": _FLOW | {"figcaption"},
    "li": _FLOW,
    "ol": frozenset({"li"}),
    "table": frozenset({"caption", "thead", "tbody", "tfoot"}),
    "tbody": _ROWS,
    "td": _FLOW,
    "tfoot": _ROWS,
    "th": _FLOW,
    "thead": _ROWS,
    "tr": frozenset({"td", "th"}),
    "ul": frozenset({"li"}),
}
"""What may stand directly inside a tag; a tag that isn't named holds phrases."""

_NO_TEXT = frozenset({"dl", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"})
_DEEPEST = 100


def is_settled(html: str) -> bool:
    """Say whether the HTML, as the cleaner writes it, certainly passes the cleaner unchanged."""
    stack = [""]
    position = 0
    for tag in _TAG.finditer(html):
        if not _text_fits(stack[-1], html[position : tag.start()]):
            return False
        position = tag.end()
        if not _step(stack, name=tag[2], ends=bool(tag[1])):
            return False
    return len(stack) == 1 and "<pre>\n" not in html


def _text_fits(parent: str, text: str) -> bool:
    return parent not in _NO_TEXT or not text.strip(" \t\n")


def _step(stack: list[str], *, name: str, ends: bool) -> bool:
    if ends:
        return stack.pop() == name and bool(stack)
    if name not in _INSIDE.get(stack[-1], _PHRASE) or (name == "a" and "a" in stack):
        return False
    if name not in _VOID:
        stack.append(name)
    return len(stack) < _DEEPEST
