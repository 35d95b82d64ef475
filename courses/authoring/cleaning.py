"""The cleaner: HTML in, HTML that may stand in a page out. What is not named here is not let through.

Two parsers that share no code look at every piece: bleach (html5lib) first, then nh3 (html5ever), which is
the gate that counts. `clean(clean(x)) == clean(x)`, byte for byte: a result that a second pass would change
is passed again until it holds still, and shown as plain text when it never does.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import nh3
from bleach.sanitizer import Cleaner as BleachCleaner
from pygments.token import STANDARD_TYPES

from courses.authoring.settled import is_settled

ID_PREFIX = "user-content-"
"""Ids of course text have a name space of their own: none can stand for one of the page's (clobbering)."""

CALLOUTS = (
    "note", "tip", "warning", "example", "keypoints", "activity", "solution", "hint", "explanation",
)  # fmt: skip

Check = Callable[[str], str | None]
"""Says how an attribute's value is written, or None where the attribute must go."""

_SCHEMES = frozenset({"http", "https", "mailto"})
_ABSOLUTE = re.compile(r"(?:https?://[^/?#@\\]+(?:[/?#].*)?|mailto:.+)", re.IGNORECASE | re.DOTALL)
_RELATIVE = re.compile(r"(?!/{2})[^:/?#]*(?:[/?#].*)?", re.DOTALL)
_NEVER_IN_ADDRESS = re.compile('[\x00-\x20\x7f-\xa0\\\\<>"`\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff]')
_MEDIA = re.compile(r"/media/[0-9a-f]{64}/([^/?#]+)")
_ID = re.compile(r"[\w.:-]{1,150}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_IMAGE_WITHOUT_SOURCE = re.compile(r'<img(?![^>]* src=")[^>]*>')
_LINK_OUT = re.compile(r'<a (?=(?:[^>]* )?href="https?:)', re.IGNORECASE)
_PASSES = 4


def clean(html: str) -> str:
    """Return the part of the HTML that is allowed, in the one way it is written.

    Args:
        html: anything at all, well-formed or not.

    Returns:
        HTML with allow-listed tags, attributes, classes, ids and addresses only; `clean` of it is itself.
    """
    html = _writable(html)
    for _ in range(_PASSES):
        cleaned = _pass(html)
        if cleaned == html or is_settled(cleaned):
            return cleaned
        html = cleaned
    return re.sub(r"<[^>]*>", "", html)


def _pass(html: str) -> str:
    gated = _writable(
        _GATE.clean(_FIRST.clean(html))
    )  # character references may have hidden a control character
    with_sources = _IMAGE_WITHOUT_SOURCE.sub("", gated)
    return _LINK_OUT.sub('<a rel="noopener noreferrer" ', with_sources)


def _writable(html: str) -> str:
    """Lone surrogates can't be written as UTF-8 and control characters are no text: both become U+FFFD.

    Parsers drop a byte order mark at the start of what they read, so it goes everywhere.
    """
    lines = html.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    return _NO_TEXT.sub("\ufffd", lines)


def _any(value: str) -> str | None:
    return value


def _one_of(*values: str) -> Check:
    allowed = frozenset(values)
    return lambda value: value if value in allowed else None


def _classes(*names: str) -> Check:
    allowed = frozenset(names)
    return lambda value: " ".join(name for name in dict.fromkeys(value.split()) if name in allowed) or None


def _number(value: str) -> str | None:
    return value if re.fullmatch(r"[0-9]{1,5}", value) else None


def _id(value: str) -> str | None:
    name = value.removeprefix(ID_PREFIX)
    return ID_PREFIX + name if _ID.fullmatch(name) else None


def _href(value: str) -> str | None:
    """Let http, https, mailto and what stays on this site through; `//host` and its disguises go."""
    value = value.strip(" \t\n").replace(" ", "%20")
    if _NEVER_IN_ADDRESS.search(value):
        return None
    if value.startswith("#") and len(value) > 1:
        name = value[1:].removeprefix(ID_PREFIX)
        return "#" + ID_PREFIX + name
    return value if _ABSOLUTE.fullmatch(value) or _RELATIVE.fullmatch(value) else None


def _source(value: str) -> str | None:
    """A picture comes from this course's media or not at all, so that a page asks nothing of other hosts."""
    media = _MEDIA.fullmatch(value)
    if not media or _NEVER_IN_ADDRESS.search(value):
        return None
    name = unquote(media[1])
    return value if name.strip(".") and not set(name) & set("/\\") else None


_HEADING: Mapping[str, Check] = {"id": _id}
_CELL: Mapping[str, Check] = {
    "class": _classes("align-left", "align-center", "align-right"),
    "colspan": _number,
    "rowspan": _number,
}

ALLOWED: Mapping[str, Mapping[str, Check]] = {
    "a": {"href": _href, "title": _any, "class": _classes("footnote-ref", "footnote-backref")},
    "abbr": {"title": _any},
    "b": {},
    "blockquote": {},
    "br": {},
    "caption": {},
    "cite": {},
    "code": {},
    "dd": {},
    "del": {},
    "details": {
        "class": _classes("callout", *(f"callout-{kind}" for kind in CALLOUTS)),
        "open": lambda _: "",
    },
    "div": {
        "class": _classes(
            "callout", *(f"callout-{kind}" for kind in CALLOUTS), "table", "highlight", "footnote"
        ),
        "role": _one_of("group"),
        "tabindex": _one_of("0"),
        "aria-label": _any,
    },
    "dl": {},
    "dt": {},
    "em": {},
    "figcaption": {},
    "figure": {},
    "h2": _HEADING,
    "h3": _HEADING,
    "h4": _HEADING,
    "h5": _HEADING,
    "h6": _HEADING,
    "hr": {},
    "i": {},
    "img": {
        "src": _source,
        "alt": _any,
        "title": _any,
        "width": _number,
        "height": _number,
        "loading": _one_of("lazy"),
        "decoding": _one_of("async"),
    },
    "ins": {},
    "kbd": {},
    "li": {"id": _id, "class": _classes("task-list-item")},
    "mark": {},
    "ol": {"start": _number, "class": _classes("task-list")},
    "p": {"class": _classes("callout-title")},
    "pre": {},
    "q": {},
    "s": {},
    "samp": {},
    "small": {},
    "span": {"class": _classes(*(name for name in STANDARD_TYPES.values() if name))},
    "strong": {},
    "sub": {},
    "summary": {},
    "sup": {"id": _id},
    "table": {},
    "tbody": {},
    "td": _CELL,
    "tfoot": {},
    "th": _CELL,
    "thead": {},
    "tr": {},
    "ul": {"class": _classes("task-list")},
    "var": {},
}
"""Every tag, its attributes, and the check of their values. No `name`, `style`, `target`, `data-*`, `on*`."""


def _attribute(tag: str, name: str, value: str) -> str | None:
    return ALLOWED[tag][name](value)


_BleachWalker: Any = BleachCleaner().walker


class _Walker(_BleachWalker):  # type: ignore[misc]
    """bleach's walker over its tree, but it remembers where it came from.

    The original counts and searches the siblings of every element on its way back up: quadratic in a long
    text.
    """

    def __init__(self, tree: Any) -> None:
        super().__init__(tree)
        self._places: dict[Any, int] = {}

    def getFirstChild(self, node: Any) -> Any:  # noqa: N802 - the names are html5lib's
        return self._noted(super().getFirstChild(node))

    def getNextSibling(self, node: Any) -> Any:  # noqa: N802
        return self._noted(super().getNextSibling(node))

    def getParentNode(self, node: Any) -> Any:  # noqa: N802
        element, key, parents, flag = node
        if flag == "text":
            return (element, key, parents, None) if parents else element
        parent = parents.pop()
        return (parent, self._places[parent], parents, None) if parents else parent

    def _noted(self, node: Any) -> Any:
        if isinstance(node, tuple):
            self._places[node[0]] = node[1]
        return node


_FIRST = BleachCleaner(
    tags=frozenset(ALLOWED),
    attributes={tag: list(checks) for tag, checks in ALLOWED.items()},
    protocols=_SCHEMES,
    strip=True,
    strip_comments=True,
)
_FIRST.walker = _Walker  # type: ignore[assignment]  # the stubs take the class for an instance
_GATE = nh3.Cleaner(
    tags=set(ALLOWED),
    attributes={tag: set(checks) for tag, checks in ALLOWED.items()} | {"*": set()},
    attribute_filter=_attribute,
    url_schemes=set(_SCHEMES),
    link_rel=None,
)
