"""An independent judge of rendered HTML: it shares no table, parser or pattern with the cleaner.

Two readers look: Python's tokenizer, which sees every tag as written, and libxml2, which sees a tree.
"""

import re
from html.parser import HTMLParser

from lxml import html as lxml_html

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div",
    "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
    "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "class", "rel"},
    "abbr": {"title"},
    "details": {"class", "open"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "li": {"id", "class"},
    "ol": {"start", "class"},
    "p": {"class"},
    "span": {"class"},
    "sup": {"id"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan"},
    "ul": {"class"},
}
HREF = re.compile(
    r"(https?://[^/\\@\s]+([/?#]\S*)?|mailto:\S+|#\S*|(?!//)(?![^/?#]*:)[^\s\\]*)", re.IGNORECASE
)
SRC = re.compile(r"/media/[0-9a-f]{64}/[^/?#\\\s]+")
CLASS = re.compile(r"[a-z][a-z0-9-]*")


def complaints(html: str) -> list[str]:
    """What is wrong with a piece of HTML; empty where nothing is."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = reader.found
    if html.strip():
        for element in lxml_html.fragment_fromstring(html, create_parent="div").iterdescendants():
            found += _of_element(element.tag, list(element.attrib.items()))
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", html):
        found.append("a control character")
    return found


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += _of_element(tag, attrs)
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.found.append(f"an attribute twice in {tag}")

    def handle_endtag(self, tag):
        if tag not in TAGS:
            self.found.append(f"</{tag}>")

    def handle_comment(self, data):
        self.found.append(f"comment {data!r}")

    def handle_decl(self, decl):
        self.found.append(f"declaration {decl!r}")

    def unknown_decl(self, data):
        self.found.append(f"section {data!r}")

    def handle_pi(self, data):
        self.found.append(f"instruction {data!r}")


def _of_element(tag, attributes):
    if not isinstance(tag, str) or tag not in TAGS:
        return [f"<{tag}>"]
    return [complaint for name, value in attributes for complaint in _of_attribute(tag, name, value or "")]


def _of_attribute(tag, name, value):
    if name not in ATTRIBUTES.get(tag, ()):
        return [f"{tag} {name}={value!r}"]
    good = {
        "href": lambda: HREF.fullmatch(value) and not re.search("[\x00-\x20\x7f]", value),
        "src": lambda: SRC.fullmatch(value) and not value.endswith(("/.", "/..")),
        "id": lambda: value.startswith("user-content-"),
        "class": lambda: all(CLASS.fullmatch(name) for name in value.split()),
        "rel": lambda: value == "noopener noreferrer",
        "role": lambda: value == "group",
        "tabindex": lambda: value == "0",
    }.get(name, lambda: True)
    return [] if good() else [f"{tag} {name}={value!r}"]
