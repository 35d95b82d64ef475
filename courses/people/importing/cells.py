"""Rows of cells, as they were typed, whatever file they came in; and how much of them is taken. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from courses.errors import Invalid

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2000, 100


class SheetRefused(Invalid):
    """A file whose cells cannot be read; `reason` says why, `row` is where, when that is known.

    Reasons: empty, large, rows, columns, kind (no spreadsheet), old (before XLSX, or behind a password),
    broken (no sound XLSX), encoding, quotes (of a CSV, at `row`), headings (there are none).
    """

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason=reason, **({} if row is None else {"row": row}))
        self.reason = reason
        self.row = row


class Kind(Enum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    """A number or a date: what was typed may not be what it keeps."""
    FAULT = "fault"
    """What a formula says instead of a value: #REF! and the like."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and what it is."""

    text: str
    kind: Kind = Kind.TEXT


NOTHING = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the sheet, with all its cells from the first column on."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows in which something is typed. `guessed` says that a CSV was read as an old Windows'."""

    rows: tuple[Row, ...]
    guessed: bool = False


def kept(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in which something is typed.

    Raises:
        SheetRefused: they are too many, or one is too wide.
    """
    count = 0
    for row in rows:
        if row.is_empty:
            continue
        count += 1
        if count > MOST_ROWS:
            raise SheetRefused("rows")
        if len(row.cells) > MOST_COLUMNS:
            raise SheetRefused("columns", row.number)
        yield row
