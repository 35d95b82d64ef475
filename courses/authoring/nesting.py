"""Refuses HTML that a browser's parser would take long over, before the cleaner's parsers see it.

They walk the open elements at every tag, and open unclosed `b` and its like again in every block. Our own
HTML is flat; what an author wrote as HTML may be anything.
"""

import re
from collections import Counter

from courses.authoring.limits import Reason, TextRefused

DEEPEST_HTML = 80
_MOST_WORK = 8000
_CHARACTERS_PER_WORK = 20
_CHARACTER_REFERENCES_PER_WORK = 3

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_OPEN = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_CLOSED_BY_THE_NEXT = frozenset(
    {"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_OPENED_AGAIN = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)


def refuse_tangled(html: str, length: int) -> None:
    """Pass over HTML that is flat and small enough.

    Args:
        html: not yet cleaned.
        length: of the text it was made from, in characters.

    Raises:
        TextRefused: it is too deep, or holds too many tags for its length.
    """
    allowed = _MOST_WORK + length // _CHARACTERS_PER_WORK
    work = html.count("&") // _CHARACTER_REFERENCES_PER_WORK
    unclosed: Counter[str] = Counter()
    depth = again = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if name in _NEVER_OPEN or name in _CLOSED_BY_THE_NEXT:
            step = 0
        elif tag[1]:
            step = -1 if unclosed[name] else 0
        else:
            step = 1
        unclosed[name] += step
        depth += step
        again += step if name in _OPENED_AGAIN else 0
        work += 0 if tag[1] else 1 + again
        if depth > DEEPEST_HTML:
            raise TextRefused(Reason.DEPTH)
        if work > allowed:
            raise TextRefused(Reason.TANGLE)
