"""XLSX as rows of cells: the first sheet one can see, each cell as it is stored. Pure.

Read with the XML parser that reads pictures and certificates here, not with a library for spreadsheets
(decision 0010): of those, some turn a formula's fault into an empty cell, and some take memory for every
cell between two far corners. Here a part is read to a limit and a cell beyond the limits ends the reading.
No formula is calculated, no link followed, no document type taken.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from courses.people.importing.cells import MOST_COLUMNS, NOTHING, Cell, Kind, Row, Sheet, SheetRefused, kept

LARGEST_PART = 16 * 1024 * 1024
MOST_PARTS, MOST_ELEMENTS = 1000, 500_000
# The others that Python knows cannot be read to a limit.
PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
BOOK = "xl/workbook.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SHEET = "/worksheet"
_SHARED = "/sharedStrings"
_UNSOUND = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    NotImplementedError,  # a way to compress that Python does not know
    RuntimeError,  # behind a password
    EOFError,
    OSError,
    ValueError,
)


def read_workbook(content: bytes) -> Sheet:
    """Read the first visible sheet.

    Raises:
        SheetRefused: with the reason; never another error, whatever the bytes are.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _Parts(archive)
            related = parts.related(BOOK)
            sheet = _first_visible(parts.root(BOOK), related)
            shared = next((path for kind, path in related.values() if kind.endswith(_SHARED)), None)
            texts = _shared_texts(parts, shared) if shared in parts.names else []
            return Sheet(tuple(kept(_rows(parts, sheet, texts))))
    except _UNSOUND as error:
        raise SheetRefused("broken") from error


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a package, each read to a limit."""

    archive: zipfile.ZipFile

    def __post_init__(self) -> None:
        listed = [part.filename for part in self.archive.infolist()]
        if len(listed) > MOST_PARTS or len(listed) > len(set(listed)) or any(map(_leads_out, listed)):
            raise SheetRefused("broken")
        if any(part.compress_type not in PACKED for part in self.archive.infolist()):
            raise SheetRefused("broken")
        if BOOK not in listed:
            raise SheetRefused("kind")

    @property
    def names(self) -> set[str]:
        return set(self.archive.namelist())

    def elements(self, path: str | None, *wanted: str) -> Iterator[etree._Element]:
        """The elements of a part that bear these names, whole, one after the other; forgotten afterwards."""
        if path not in self.names or path is None:
            raise SheetRefused("broken")
        reader = etree.iterparse(
            io.BytesIO(self._bytes(path)),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        count = 0
        for event, element in reader:
            if event == "start":
                count += 1
                _judge(element, count)
            elif _name(element) in wanted:
                yield element
                _forget(element)

    def root(self, path: str) -> etree._Element:
        """A small part as a whole."""
        return next(self.elements(path, "workbook", "Relationships"))

    def related(self, path: str) -> Mapping[str, tuple[str, str]]:
        """What a part refers to: id -> kind and path."""
        here = PurePosixPath(path)
        found = self.elements(f"{here.parent}/_rels/{here.name}.rels", "Relationships")
        return {
            one.get("Id", ""): (one.get("Type", ""), _path(here.parent, one.get("Target", "")))
            for root in found
            for one in root
            if one.get("TargetMode") != "External"
        }

    def _bytes(self, path: str) -> bytes:
        with self.archive.open(path) as part:
            content = part.read(LARGEST_PART + 1)
        if len(content) > LARGEST_PART:
            raise SheetRefused("large")
        return content


def _first_visible(book: etree._Element, related: Mapping[str, tuple[str, str]]) -> str:
    for sheet in book.iter("{*}sheet"):
        link = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        kind, path = related.get(str(link), ("", ""))
        if sheet.get("state", "visible") == "visible" and kind.endswith(_SHEET):
            return path
    raise SheetRefused("broken")


def _shared_texts(parts: _Parts, path: str | None) -> list[str]:
    return [_text(one) for one in parts.elements(path, "si")]


def _rows(parts: _Parts, path: str, texts: list[str]) -> Iterator[Row]:
    number = 0
    for row in parts.elements(path, "row"):
        number = int(row.get("r") or number + 1)
        cells: dict[int, Cell] = {}
        for cell in row.iterchildren("{*}c"):
            column = _column(cell.get("r"), max(cells, default=0) + 1)
            read = _cell(cell, texts)
            if column > MOST_COLUMNS and read.text.strip():
                raise SheetRefused("columns", number)
            cells[column] = read
        width = max((place for place, cell in cells.items() if cell.text.strip()), default=0)
        yield Row(number, tuple(cells.get(place, NOTHING) for place in range(1, width + 1)))


def _cell(cell: etree._Element, texts: list[str]) -> Cell:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "s":
        return Cell(texts[int(value)]) if 0 <= int(value) < len(texts) else Cell("#REF!", Kind.FAULT)
    if kind == "inlineStr":
        return Cell("".join(_text(one) for one in cell.iterchildren("{*}is")))
    if kind == "str":
        return Cell(_unescaped(value))
    if kind == "e":
        return Cell(value or "#", Kind.FAULT)
    return Cell(value, Kind.NUMBER) if value else NOTHING


def _text(element: etree._Element) -> str:
    """The text of a string, its runs put together, without what says how to read it aloud."""
    runs = (one for one in element.iter("{*}t") if _name(one.getparent()) != "rPh")
    return _unescaped("".join(one.text or "" for one in runs))


def _unescaped(text: str) -> str:
    """What XML cannot hold is written `_x0007_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _column(reference: str | None, next_one: int) -> int:
    if reference is None:
        return next_one
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise SheetRefused("broken")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _judge(element: etree._Element, count: int) -> None:
    """Refuse a document type, with the entities it could define, and more elements than people need."""
    if count == 1 and element.getroottree().docinfo.internalDTD is not None:
        raise SheetRefused("broken")
    if count > MOST_ELEMENTS:
        raise SheetRefused("large")


def _forget(element: etree._Element) -> None:
    """Give back the memory of an element and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _path(folder: PurePosixPath, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(folder / target)


def _leads_out(name: str) -> bool:
    return "\\" in name or name.startswith("/") or ".." in PurePosixPath(name).parts


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
