"""Dresses the tree that Python-Markdown made: figures, callouts, tables that scroll, ids, addresses.

All of it is made of what the cleaner allows, and goes through the cleaner like the rest.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode, unique
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE

from courses.authoring.addresses import Target, resolve
from courses.authoring.cleaning import CALLOUTS, ID_PREFIX
from courses.authoring.pieces import Mode, Piece

_LONGEST_ID = 80
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NOT_IN_ID = re.compile(r"[^\w.-]+")

WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "note": "Catatan",
        "tip": "Kiat",
        "warning": "Perhatian",
        "example": "Contoh",
        "keypoints": "Pokok penting",
        "activity": "Aktivitas",
        "solution": "Jawaban",
        "hint": "Petunjuk",
        "explanation": "Penjelasan",
        "table": "Tabel",
        "back": "Kembali ke teks",
    },
    "en": {
        "note": "Note",
        "tip": "Tip",
        "warning": "Warning",
        "example": "Example",
        "keypoints": "Key points",
        "activity": "Activity",
        "solution": "Solution",
        "hint": "Hint",
        "explanation": "Explanation",
        "table": "Table",
        "back": "Back to the text",
    },
}
"""Words that rendering adds, in the language of the course, not of the reader: part of its text."""


class Dressing(Extension):
    """Registers the tree processors of this module; `piece` is the text at hand."""

    def __init__(self) -> None:
        super().__init__()
        self.piece = Piece("")

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the piece's language, Indonesian where we don't have it."""
        return WORDS.get(self.piece.lang, WORDS["id"])

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register: callouts where pymdownx has them, the rest after everything else."""
        md.treeprocessors.register(_Callouts(self), "quotes", 19.99)
        md.treeprocessors.register(_Finish(self), "dressing", -1)


class _Callouts(Treeprocessor):
    """Turns the quotes that pymdownx.quotes marked into callouts, folded ones into `details`."""

    def __init__(self, dressing: Dressing) -> None:
        super().__init__()
        self._dressing = dressing

    def run(self, root: Element) -> None:
        for quote in root.iter("blockquote"):
            marked = quote.attrib.pop("data-alert", "")
            folded = quote.attrib.pop("data-alert-collapse", "")
            if marked:
                self._dress(quote, marked.split()[0], folded)

    def _dress(self, quote: Element, kind: str, folded: str) -> None:
        known = kind if kind in CALLOUTS else "note"
        quote.tag = "details" if folded else "div"
        quote.set("class", f"callout callout-{known}")
        if folded == "open":
            quote.set("open", "")
        if not len(quote):
            return
        title = quote[0]
        if folded:
            title.tag = "summary"
        else:
            title.tag = "p"
            title.set("class", "callout-title")
        if title.text == kind.title() and not len(
            title
        ):  # what pymdownx.quotes writes where the author wrote none
            title.text = self._dressing.words.get(kind, title.text)


class _Finish(Treeprocessor):
    """Everything that one walk over the finished tree can do."""

    def __init__(self, dressing: Dressing) -> None:
        super().__init__()
        self._dressing = dressing

    def run(self, root: Element) -> None:
        if self._dressing.piece.mode is Mode.PAGE:
            _name_headings(root)
        _lower_headings(root)
        _rename_footnotes(root, self._dressing.piece.name)
        handlers: dict[str, Callable[[Element], Element]] = {
            "a": self._link,
            "img": self._image,
            "p": _figure,
            "table": self._table,
            "td": _cell,
            "th": _cell,
        }
        for parent in reversed(
            list(root.iter())
        ):  # children before their parents: a figure is made of a dressed image
            for index, child in enumerate(parent):
                if child.tag in handlers:
                    parent[index] = handlers[child.tag](child)

    def _resolve(self, address: str) -> tuple[Target, str] | None:
        piece = self._dressing.piece
        return resolve(unescape(address), piece.folder, piece.targets)

    def _link(self, link: Element) -> Element:
        if link.get("class") == "footnote-backref":
            link.set("title", self._dressing.words["back"])
        found = self._resolve(link.get("href", ""))
        if found:
            target, fragment = found
            link.set("href", f"{target.url}#{ID_PREFIX}{fragment}" if fragment else target.url)
        return link

    def _image(self, image: Element) -> Element:
        found = self._resolve(image.get("src", ""))
        if not found:
            return image
        target = found[0]
        if not target.type.startswith("image/"):
            return _file_link(image, target)
        image.set("src", target.url)
        if target.width and target.height:
            image.set("width", str(target.width))
            image.set("height", str(target.height))
        image.set("loading", "lazy")
        image.set("decoding", "async")
        return image

    def _table(self, table: Element) -> Element:
        return _wrapped(
            table,
            Element(
                "div",
                {
                    "class": "table",
                    "tabindex": "0",
                    "role": "group",  # not a landmark: a lesson may have many tables
                    "aria-label": self._dressing.words["table"],
                },
            ),
        )


def _wrapped(element: Element, wrapper: Element) -> Element:
    wrapper.append(element)
    wrapper.tail, element.tail = element.tail, None
    return wrapper


def _file_link(image: Element, target: Target) -> Element:
    """A file that is no picture is offered with its size, so that nobody pays for a download unasked."""
    link = Element("a", {"href": target.url})
    link.text = f"{image.get('alt', '')} ({max(1, round(target.size / 1000))} kB)"
    link.tail = image.tail
    return link


def _figure(paragraph: Element) -> Element:
    """A picture alone in its paragraph is a figure; its title is the caption."""
    alone = (
        len(paragraph) == 1 and not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip()
    )
    if not alone or paragraph[0].tag != "img":
        return paragraph
    paragraph.tag = "figure"
    caption = paragraph[0].attrib.pop("title", "")
    if caption:
        SubElement(paragraph, "figcaption").text = caption
    return paragraph


def _cell(cell: Element) -> Element:
    side = cell.attrib.pop("align", "")
    if side:
        cell.set("class", f"align-{side}")
    return cell


def _name_headings(root: Element) -> None:
    used: set[str] = set()
    counters: dict[str, int] = {}
    for heading in root.iter():
        if heading.tag in _HEADINGS:
            text = HTML_PLACEHOLDER_RE.sub("", "".join(heading.itertext())).replace(AMP_SUBSTITUTE, "&")
            slug = slugify_unicode(unescape(text), "-")[:_LONGEST_ID]
            heading.set("id", ID_PREFIX + unique(_NOT_IN_ID.sub("-", slug), used, counters))


def _lower_headings(root: Element) -> None:
    """The page's title is its `h1`: a text with headings of the first level has all of them one lower."""
    by_one = any(element.tag == "h1" for element in root.iter())
    for heading in root.iter():
        if by_one and heading.tag in _HEADINGS:
            heading.tag = f"h{min(6, int(heading.tag[1]) + 1)}"


def _rename_footnotes(root: Element, name: str) -> None:
    """Footnotes of two pieces may stand on one page: their ids carry the name of the piece."""
    renamed: dict[str, str] = {}
    for element in root.iter():
        own = element.get("id", "")
        if own.startswith("fn"):
            element.set("id", renamed.setdefault(own, f"{name or 'text'}-fn-{len(renamed) + 1}"))
    for link in root.iter("a"):
        old = link.get("href", "")[1:]
        if old in renamed:
            link.set("href", "#" + renamed[old])
