"""A spreadsheet as rows of cells: XLSX, or CSV in any of its habits. Pure.

What a file is, its bytes say, not its name. Rows are counted as a spreadsheet counts them, from 1.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from courses.people.importing.cells import MOST_BYTES, Cell, Row, Sheet, SheetRefused, kept
from courses.people.importing.headings import FIRST, headings_in

SEPARATORS = ",;\t"
_ZIP = b"PK"
# How Excel 97-2003 files begin, and newer ones behind a password.
_OLE = b"\xd0\xcf\x11\xe0"
_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OF_WINDOWS = "cp1252"


def read_sheet(content: bytes) -> Sheet:
    """Read the rows of a file.

    Raises:
        SheetRefused: with the reason; never another error, whatever the bytes are.
    """
    if not content.strip():
        raise SheetRefused("empty")
    if len(content) > MOST_BYTES:
        raise SheetRefused("large")
    if content.startswith(_OLE):
        raise SheetRefused("old")
    if not content.startswith(_ZIP):
        return read_csv(content)
    from courses.people.importing.workbooks import read_workbook  # for those who bring one

    return read_workbook(content)


def read_csv(content: bytes) -> Sheet:
    """Read the rows of a CSV: of the separators, the one under which most headings are known.

    Raises:
        SheetRefused: with the reason.
    """
    text, guessed = _decoded(content)
    separator = max(SEPARATORS, key=lambda sign: _known_headings(text, sign))
    return Sheet(tuple(kept(_rows(text, separator))), guessed)


def _decoded(content: bytes) -> tuple[str, bool]:
    marked = next((encoding for mark, encoding in _MARKED if content.startswith(mark)), None)
    try:
        return content.decode(marked or "utf-8"), False
    except UnicodeDecodeError:
        if marked is not None:
            raise SheetRefused("encoding") from None
    try:
        return content.decode(_OF_WINDOWS), True
    except UnicodeDecodeError:
        raise SheetRefused("encoding") from None


def _known_headings(text: str, separator: str) -> int:
    most = 0
    with suppress(SheetRefused):
        for row in islice(_rows(text, separator), FIRST):
            most = max(most, headings_in(row))
    return most


def _rows(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, _without_tail(cells))
    except csv.Error:
        raise SheetRefused("quotes", number + 1) from None


def _without_tail(cells: Sequence[str]) -> tuple[Cell, ...]:
    """The cells up to the last with something in it: spreadsheets write empty ones after it."""
    width = max((place for place, text in enumerate(cells, start=1) if text.strip()), default=0)
    return tuple(Cell(text) for text in cells[:width])
