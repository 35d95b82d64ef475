"""Whether an SVG file is only a drawing: shapes, text and colours by an allow-list, nothing that acts.

The file is stored as it came, so all of it must pass; a browser shows it by `<img>` alone.
"""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_XML = "{http://www.w3.org/XML/1998/namespace}"

_ELEMENTS = frozenset(
    {
        "circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "marker", "mask",
        "path", "pattern", "polygon", "polyline", "radialGradient", "rect", "stop", "svg", "symbol", "text",
        "title", "tspan", "use",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        # where and how large
        "cx", "cy", "d", "dx", "dy", "fx", "fy", "gradientTransform", "gradientUnits", "height",
        "lengthAdjust", "markerHeight", "markerUnits", "markerWidth", "offset", "orient", "pathLength",
        "patternTransform", "patternUnits", "points", "preserveAspectRatio", "r", "refX", "refY", "rotate",
        "rx", "ry", "spreadMethod", "textLength", "transform", "version", "viewBox", "width", "x", "x1", "x2",
        "y", "y1", "y2",
        # how it looks
        "clip-path", "clip-rule", "color", "direction", "display", "dominant-baseline", "fill",
        "fill-opacity", "fill-rule", "font-family", "font-size", "font-style", "font-variant", "font-weight",
        "letter-spacing", "marker-end", "marker-mid", "marker-start", "mask", "opacity", "overflow",
        "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke", "stroke-dasharray",
        "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
        "stroke-width", "text-anchor", "text-decoration", "text-rendering", "unicode-bidi", "vector-effect",
        "visibility", "word-spacing", "writing-mode",
        # what it is called
        "aria-hidden", "aria-label", "aria-labelledby", "class", "id", "lang", "role", "style",
        _XML + "lang", _XML + "space",
    }
)  # fmt: skip
_LINKS = frozenset({"href", _XLINK + "href"})
_LINKING = frozenset({"use", "linearGradient", "radialGradient", "pattern"})
_LOCAL = re.compile(r"#[\w.:-]{1,200}")
_LOCAL_URL = re.compile(r"""url\(\s*['"]?#[\w.:-]{1,200}['"]?\s*\)""")
_ACTIVE = re.compile(r"url\(|[\\@<>]|expression|script:|import|image\(|image-set\(", re.IGNORECASE)
_ENCODING = re.compile(rb"""encoding\s*=\s*['"](?!utf-8['"])""", re.IGNORECASE)
_MOST_ELEMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What doesn't belong in a drawing, as it is written there, and its line in the file from 1.

    Where the file is no SVG at all, `what` is empty.
    """

    what: str
    line: int = 1


def drawing_fault(data: bytes) -> Fault | None:
    """Return the first thing in an SVG file that is not allowed, or None when it is only a drawing."""
    if fault := _raw_fault(data):
        return fault
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return Fault("", (error.position or (1, 0))[0] or 1)
    return _tree_fault(root)


def _raw_fault(data: bytes) -> Fault | None:
    """Look at the bytes first: no other encoding may hide a document type from this."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Fault("")
    if _ENCODING.search(data[:200]):
        return Fault("")
    for sign in ("<!DOCTYPE", "<!ENTITY", "<?xml-stylesheet"):
        if (at := text.upper().find(sign.upper())) >= 0:
            return Fault(sign, text.count("\n", 0, at) + 1)
    return None


def _tree_fault(root: Any) -> Fault | None:
    users = {_target(element) for element in root.iter(_SVG + "use")}
    if root.tag != _SVG + "svg":
        return Fault("", root.sourceline or 1)
    for count, element in enumerate(root.iter()):
        what = _fault_of(element, users) if count < _MOST_ELEMENTS else f"> {_MOST_ELEMENTS} <...>"
        if what:
            return Fault(what, element.sourceline or 1)
    return None


def _fault_of(element: Any, users: set[str]) -> str | None:
    if element.tag is etree.Comment:
        return None
    if not isinstance(element.tag, str):
        return "<?"
    name = element.tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        return f"<{etree.QName(element).localname}>"
    if element.get("id") in users and next(element.iter(_SVG + "use"), None) is not None:
        return "<use> -> <use>"  # each such level multiplies what has to be drawn
    faults = (_attribute_fault(name, key, value) for key, value in element.attrib.items())
    return next((fault for fault in faults if fault), None)


def _attribute_fault(element: str, name: str, value: str) -> str | None:
    shown = name.rpartition("}")[2]
    if name in _LINKS:
        local = element in _LINKING and _LOCAL.fullmatch(value)
        return None if local else f'{shown}="{value}"'
    if name not in _ATTRIBUTES:
        return f"{shown}="
    return f'{shown}="{value}"' if _ACTIVE.search(_LOCAL_URL.sub("", value)) else None


def _target(element: Any) -> str:
    return str(element.get("href") or element.get(_XLINK + "href") or "").removeprefix("#")
