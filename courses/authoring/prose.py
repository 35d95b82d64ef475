"""What can be wrong in any text: code that isn't closed, callouts and HTML that nobody knows."""

import re
from collections.abc import Iterable

from courses.authoring.blocks import Block, walk
from courses.authoring.cleaning import ALLOWED
from courses.authoring.findings import Findings
from courses.authoring.inlines import Places, spans
from courses.authoring.manuscript import Manuscript
from courses.authoring.matter import closest_first
from courses.authoring.quotes import callout_name

_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)([^<>]*)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"([A-Za-z_:@][\w:.@-]*)\s*=")
_NOT_KEPT = frozenset({"a", "img"})
"""Tags that the cleaner knows from Markdown: written as HTML their addresses lead nowhere."""


def check_prose(page: Manuscript, blocks: list[Block], callouts: Iterable[str], found: Findings) -> None:
    """Find what is wrong in the blocks of a text, whatever it says.

    Args:
        page: the file.
        blocks: all of its blocks.
        callouts: the names of callouts that are known in this kind of file.
        found: where problems go.
    """
    known = list(callouts)
    for block in walk(blocks):
        if block.kind == "fence":
            _check_fence(page, block, found)
        elif block.kind == "html_block":
            _check_html(page, block, found)
        elif (name := callout_name(block)) and name not in known:
            place = page.place(block.first, page.lines[block.first].find("[!"))
            found.add("callout-unknown", place, name=name, known=closest_first(name, known))
        _check_inline_html(page, block, found)


def _check_fence(page: Manuscript, block: Block, found: Findings) -> None:
    """A fence that runs into the next one is as open as one that runs to the end."""
    mark = block.token.markup
    closing = re.compile(rf"[\s>]*{mark[0]}{{{len(mark)},}}[ \t]*")
    opening = re.compile(rf"^ {{0,3}}{mark}{mark[0]}*[ \t]*[^\s{mark[0]}][^`\n]*$", re.MULTILINE)
    is_closed = block.end - block.first > 1 and closing.fullmatch(page.lines[block.end - 1])
    if not is_closed or opening.search(block.token.content):
        found.add("fence-unclosed", page.place(block.first, page.lines[block.first].find(mark)), mend=mark)


def _check_html(page: Manuscript, block: Block, found: Findings) -> None:
    if what := _lost_html(block.token.content):
        line = page.lines[block.first]
        found.add("raw-html", page.place(block.first, max(line.find("<"), 0)), what=what)


def _check_inline_html(page: Manuscript, block: Block, found: Findings) -> None:
    for inline in block.inlines:
        if "<" not in inline.content:
            continue
        places = Places(page, inline)
        for span in spans(inline):
            if span.token.type == "html_inline" and (what := _lost_html(span.token.content)):
                found.add("raw-html", places.place(span.start), what=what)


def _lost_html(html: str) -> str | None:
    """Return the first tag or attribute that won't reach a page; comments lose nothing."""
    if html.lstrip().startswith(("<?", "<!")):
        return None if html.lstrip().startswith("<!--") else html.lstrip()[:2]
    for name, attributes in _TAG.findall(html):
        tag = name.lower()
        if tag not in ALLOWED or tag in _NOT_KEPT:
            return f"<{name}>"
        for attribute in _ATTRIBUTE.findall(_QUOTED.sub("", attributes)):
            if attribute.lower() not in ALLOWED[tag]:
                return f"<{name} {attribute}>"
    return None
