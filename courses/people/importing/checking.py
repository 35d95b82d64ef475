"""Judging a sheet of people: every problem, each at its row and column. Pure: nothing is looked up.

A cell has one problem at most, the first that is found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from email_validator import EmailNotValidError, validate_email

from courses.people.grades import BadGrade, clean_grade
from courses.people.importing.cells import NOTHING, Cell, Kind, Row, Sheet, SheetRefused
from courses.people.importing.headings import FIRST, HEADINGS, Field, field_of, headings_in
from courses.people.names import BadName, clean_name
from courses.people.nip import BadNip, Nip, parse_nip

LONGEST = 120
_STATUSES = {"PNS": "PNS", "CPNS": "PNS", "PPPK": "PPPK", "P3K": "PPPK"}
# What is left of a number of 18 digits: 1.98704E+17, with the comma of half the world.
_ROUNDED = re.compile(r"[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column by its place from 1 (0: the file has none) and what it is called there."""

    position: int
    title: str


ABSENT = {name: Column(0, HEADINGS[name]) for name in Field}
"""What columns are called where a file does not have them, or is not at hand."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What keeps a sheet from coming in: `code` says what, `about` names what it is about, if anything."""

    row: int
    column: Column
    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a row says, judged and cleaned. `nip` and `email` may be empty, not both."""

    row: int
    name: str
    nip: str = ""
    email: str = ""
    unit_id: int | None = None
    unit_name: str = ""
    rank: str = ""
    grade: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sheet comes to: who would come in, and what is wrong, by row and column.

    `ignored` are the columns nobody reads; `guessed` is as in `Sheet`.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    columns: Mapping[Field, Column]
    ignored: tuple[str, ...] = ()
    guessed: bool = False


class Places:
    """The units people may be put into, by name: as written, or but for case and spaces."""

    def __init__(self, units: Iterable[tuple[int, str]], *, optional: bool) -> None:
        listed = list(units)
        folded = Counter(_folded(name) for _, name in listed)
        self._ids = {unit_id for unit_id, _ in listed}
        self._exact = {name: (unit_id, name) for unit_id, name in listed}
        self._alike = {
            _folded(name): (unit_id, name) for unit_id, name in listed if folded[_folded(name)] == 1
        }
        self.optional = optional

    def find(self, name: str) -> tuple[int, str] | None:
        """The id and the name of a unit."""
        return self._exact.get(name) or self._alike.get(_folded(name))

    def has(self, unit_id: int | None) -> bool:
        """Whether people may be put there; without a unit, whether that may be."""
        return self.optional if unit_id is None else unit_id in self._ids


def check(sheet: Sheet, places: Places, today: date) -> Checked:
    """Judge every row.

    Raises:
        SheetRefused: there are no headings, or nobody under them.
    """
    heading = max(sheet.rows[:FIRST], key=headings_in, default=None)
    if heading is None or not headings_in(heading):
        raise SheetRefused("headings")
    table = _Table(heading)
    wrong = tuple(table.problems())
    if wrong:
        return Checked((), wrong, table.columns)
    rows = sheet.rows[sheet.rows.index(heading) + 1 :]
    if not rows:
        raise SheetRefused("nobody")
    judged = [_Judge(table, row, places, today) for row in rows]
    entries = tuple(one.entry() for one in judged)
    found = [problem for one in judged for problem in one.problems]
    found += _twice(entries, table.columns)
    return Checked(entries, tuple(sorted(found)), table.columns, tuple(table.ignored()), sheet.guessed)


class _Table:
    """The columns under a row of headings."""

    def __init__(self, heading: Row) -> None:
        self.row = heading.number
        self.width = len(heading.cells)
        self._titles = [" ".join(cell.text.split())[:LONGEST] for cell in heading.cells]
        self._fields = [field_of(cell.text) for cell in heading.cells]
        there = {
            name: self.column(place)
            for place, name in reversed(list(enumerate(self._fields, start=1)))
            if name is not None
        }
        self.columns: dict[Field, Column] = {**ABSENT, **there}

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the headings themselves."""
        for position, name in enumerate(self._fields, start=1):
            if name is not None and self.columns[name].position != position:
                yield Problem(self.row, self.column(position), "heading-twice")
        if Field.NAME not in self._fields:
            yield Problem(self.row, ABSENT[Field.NAME], "heading-missing")
        if not {Field.NIP, Field.EMAIL} & set(self._fields):
            yield Problem(self.row, ABSENT[Field.NIP], "heading-missing")

    def ignored(self) -> Iterator[str]:
        """The columns that are not read."""
        for position, name in enumerate(self._fields, start=1):
            if name is None:
                yield self.column(position).title

    def column(self, position: int) -> Column:
        """A column by its place: called by its heading, or its letter."""
        written = self._titles[position - 1] if position <= self.width else ""
        return Column(position, written or _letter(position))


@dataclass(slots=True)
class _Judge:
    """Judges one row."""

    table: _Table
    row: Row
    places: Places
    today: date
    problems: list[Problem] = field(default_factory=list)

    def entry(self) -> Entry:
        """The row as a person; where there are problems, what could be read of it."""
        self._too_wide()
        unit_id, unit_name = self._unit()
        email, nip = self._email(), self._nip()
        self._status(nip)
        return Entry(
            row=self.row.number,
            name=self._name(),
            nip=nip.digits if nip else "",
            email=email,
            unit_id=unit_id,
            unit_name=unit_name,
            rank=self._line(Field.RANK),
            grade=self._grade(),
            position=self._line(Field.POSITION),
        )

    def _name(self) -> str:
        text = self._text(Field.NAME)
        try:
            return clean_name(text) if text is not None else ""
        except BadName as refusal:
            self._refuse(Field.NAME, f"name-{refusal.reason}")
            return text or ""

    def _nip(self) -> Nip | None:
        text = self._text(Field.NIP)
        if text is None:
            return None
        if not text.strip():
            if not self._cell(Field.EMAIL).text.strip():
                self._refuse(Field.NIP, "identifier")
            return None
        if _ROUNDED.fullmatch(text.strip()):
            self._refuse(Field.NIP, "nip-number")
            return None
        try:
            return parse_nip(text, self.today)
        except BadNip as refusal:
            self._refuse(Field.NIP, f"nip-{refusal.reason}")
            return None

    def _email(self) -> str:
        text = (self._text(Field.EMAIL) or "").strip()
        if not text:
            return ""
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            self._refuse(Field.EMAIL, "email")
            return text
        return text.lower()

    def _unit(self) -> tuple[int | None, str]:
        text = self._text(Field.UNIT)
        if not text or not text.strip():
            if text is not None and not self.places.optional:
                self._refuse(Field.UNIT, "unit-missing")
            return None, ""
        found = self.places.find(" ".join(text.split()))
        if found is None:
            self._refuse(Field.UNIT, "unit-unknown", text.strip())
            return None, text.strip()
        return found

    def _grade(self) -> str:
        text = self._line(Field.GRADE)
        try:
            return clean_grade(text) if text else ""
        except BadGrade:
            self._refuse(Field.GRADE, "grade")
            return text

    def _status(self, nip: Nip | None) -> None:
        text = self._line(Field.STATUS)
        said = _STATUSES.get(text.upper())
        if text and said is None:
            self._refuse(Field.STATUS, "status")
        elif said and nip and said != nip.status:
            self._refuse(Field.STATUS, "status-of-nip", nip.status)

    def _line(self, name: Field) -> str:
        return " ".join((self._text(name) or "").split())

    def _text(self, name: Field) -> str | None:
        """What a cell says; None when that cannot be taken, for a reason that is noted."""
        cell = self._cell(name)
        code = _unfit(cell)
        if code is None:
            return cell.text
        self._refuse(
            name, "nip-number" if code == "number" and name is Field.NIP else code, cell.text[:LONGEST]
        )
        return None

    def _cell(self, name: Field) -> Cell:
        position = self.table.columns[name].position
        return self.row.cells[position - 1] if 0 < position <= len(self.row.cells) else NOTHING

    def _refuse(self, name: Field, code: str, about: str = "") -> None:
        self.problems.append(Problem(self.row.number, self.table.columns[name], code, about))

    def _too_wide(self) -> None:
        width = self.table.width
        for position, cell in enumerate(self.row.cells[width:], start=width + 1):
            if cell.text.strip():
                self.problems.append(Problem(self.row.number, self.table.column(position), "no-heading"))
                return


def _unfit(cell: Cell) -> str | None:
    """Why what is in a cell cannot be taken for text, if it cannot."""
    if cell.kind is Kind.FAULT:
        return "fault"
    if cell.kind is Kind.NUMBER:
        return "number"
    if not all(char.isprintable() or char in "\t\r\n\xa0" for char in cell.text):
        return "characters"
    return "long" if len(cell.text) > LONGEST else None


def _twice(entries: Sequence[Entry], columns: Mapping[Field, Column]) -> Iterator[Problem]:
    """Numbers and addresses that an earlier row has already."""
    for name in (Field.NIP, Field.EMAIL):
        first: dict[str, int] = {}
        for entry in entries:
            said = getattr(entry, name)
            if said and first.setdefault(said, entry.row) != entry.row:
                yield Problem(entry.row, columns[name], "twice", str(first[said]))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _letter(position: int) -> str:
    """The letter of a column, as spreadsheets count them: 1 is A, 27 is AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
