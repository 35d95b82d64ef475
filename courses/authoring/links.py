"""Where links and pictures of a text lead: to a page or file of the course that is there, or to the web.

A path is relative to the file it stands in. Nothing is fetched; a picture comes from the course itself.
"""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from courses.authoring.blocks import Block, walk
from courses.authoring.course import Place
from courses.authoring.findings import Findings
from courses.authoring.inlines import Places, Span, spans
from courses.authoring.manuscript import Manuscript
from courses.authoring.media import media_type

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_OUTWARD = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a course holds: every `file` by its path, and of these the `pages` that a link may lead to."""

    files: frozenset[str]
    pages: frozenset[str]


def check_links(page: Manuscript, blocks: Iterable[Block], shelf: Shelf, found: Findings) -> None:
    """Find links and pictures that lead nowhere, and pictures without words for those who can't see them."""
    checker = _Checker(page.path, shelf, found)
    for block in walk(list(blocks)):
        for inline in block.inlines:
            leading = [span for span in spans(inline) if span.token.type in ("image", "link_open")]
            if leading:
                places = Places(page, inline)
                for span in leading:
                    checker.check(span, places.place(span.start))


class _Checker:
    def __init__(self, path: str, shelf: Shelf, found: Findings) -> None:
        self._folder = posixpath.dirname(path)
        self._shelf = shelf
        self._found = found

    def check(self, span: Span, place: Place) -> None:
        token = span.token
        if token.type == "image":
            self._picture(str(token.attrs["src"]), token.content, place)
        elif token.type == "link_open" and not str(token.meta.get("label", "")).startswith("^"):
            self._link(str(token.attrs["href"]), place)

    def _link(self, address: str, place: Place) -> None:
        scheme = _scheme(address)
        if not address.strip():
            self._found.add("link-empty", place)
        elif scheme and scheme not in _OUTWARD:
            self._found.add("link-scheme", place, scheme=scheme)
        elif not scheme and not address.startswith("#"):
            self._page_or_file(address, place)

    def _page_or_file(self, address: str, place: Place) -> None:
        target = self._resolved(address)
        if target in self._shelf.pages:
            return
        if media_type(target) is None:
            self._found.add("link-target", place, target=address)
        else:
            self._media(target, address, place)

    def _picture(self, address: str, description: str, place: Place) -> None:
        if not description.strip():
            self._found.add("alt-missing", place)
        scheme = _scheme(address)
        if scheme in ("http", "https"):
            self._found.add("media-foreign", place)
        elif scheme:
            self._found.add("link-scheme", place, scheme=scheme)
        elif not address.strip():
            self._found.add("link-empty", place)
        else:
            self._shown(address, place)

    def _shown(self, address: str, place: Place) -> None:
        target = self._resolved(address)
        kind = media_type(target) or ""
        if not self._media(target, address, place):
            return
        if kind and not kind.startswith(("image/", "video/")):
            self._found.add("media-kind", place, target=address)
        elif kind.startswith("video/"):
            self._captions(target, place)

    def _media(self, target: str, address: str, place: Place) -> bool:
        if target not in self._shelf.files:
            self._found.add("media-missing", place, target=address)
        elif not target.startswith("media/"):
            self._found.add("media-place", place, target=address)
        else:
            return True
        return False

    def _captions(self, target: str, place: Place) -> None:
        stem = posixpath.splitext(target)[0]
        if not any(file.startswith(stem + ".") and file.endswith(".vtt") for file in self._shelf.files):
            self._found.add("captions-missing", place, mend=posixpath.basename(stem) + ".id.vtt")

    def _resolved(self, address: str) -> str:
        """Return the path in the course folder; what is absolute or has a backslash is none."""
        path = unquote(address.partition("#")[0])
        if path.startswith("/") or "\\" in path:
            return ""
        return posixpath.normpath(posixpath.join(self._folder, path))


def _scheme(address: str) -> str:
    match = _SCHEME.match(address)
    return match[1].lower() if match else ""
