"""From a judged sheet to people: kept until its admin says yes, judged again, brought in all at once.

Between the two an office may have lost a unit and somebody may have got a number: what was fine when it was
shown is looked up once more in the transaction that writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from courses import audit, clock
from courses.errors import Conflict, Invalid, NotFound
from courses.people.importing import checking
from courses.people.importing.cells import Sheet
from courses.people.importing.checking import ABSENT, Checked, Column, Entry, Places, Problem
from courses.people.importing.headings import Field
from courses.people.importing.models import PeopleImport
from courses.people.models import Person, PersonNumber
from courses.people.persons import NewPerson, create_people
from courses.people.sessions import SignedIn
from courses.people.units import tree

WAITS = timedelta(days=1)


class ImportNotFound(NotFound):
    """There is no such import, or it is somebody else's, or a newer one took its place."""


class AlreadyBroughtIn(Conflict):
    """The people of this import are here."""


class SheetHasProblems(Invalid):
    """Nobody came in: `problems` says why, each at its row and column."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Import:
    """An import as its admin sees it: whoever waits, or the ids of those who came in."""

    id: int
    entries: tuple[Entry, ...]
    people: tuple[int, ...]

    @property
    def is_done(self) -> bool:
        """Whether its people are here."""
        return bool(self.people)


def places_of(session: Session, who: SignedIn | None) -> Places:
    """The units somebody may put people into; the system and admins any, or none."""
    offices = None if who is None or who.is_admin else who.offices
    units = ((line.id, line.name) for line in tree(session, offices))
    return Places(units, optional=offices is None)


def check(session: Session, who: SignedIn | None, sheet: Sheet, today: date) -> Checked:
    """Judge a sheet, also by who is here already.

    Raises:
        SheetRefused: there are no headings, or nobody under them.
    """
    checked = checking.check(sheet, places_of(session, who), today)
    known = _known(session, checked.entries, checked.columns)
    return replace(checked, problems=tuple(sorted((*checked.problems, *known))))


def keep(session: Session, who: SignedIn, entries: Sequence[Entry]) -> int:
    """Keep a sheet without problems until its admin says yes; return the id of the import.

    It takes the place of the one of theirs that waited; what waited for a day is forgotten, whosever it is.
    """
    now = clock.now()
    over = or_(PeopleImport.by_id == who.id, PeopleImport.made_at < now - WAITS)
    session.execute(delete(PeopleImport).where(PeopleImport.done_at.is_(None), over))
    kept = PeopleImport(by_id=who.id, entries=[asdict(entry) for entry in entries], made_at=now)
    session.add(kept)
    session.flush()
    return kept.id


def kept(session: Session, who: SignedIn, import_id: int) -> Import:
    """An import of one's own.

    Raises:
        ImportNotFound: it is not.
    """
    return _import(_row(session, who, import_id))


def problems_by_now(session: Session, who: SignedIn | None, entries: Sequence[Entry]) -> list[Problem]:
    """What keeps entries from coming in that did not when they were judged."""
    places = places_of(session, who)
    gone = [
        Problem(entry.row, ABSENT[Field.UNIT], "unit-unknown", entry.unit_name)
        for entry in entries
        if not places.has(entry.unit_id)
    ]
    return sorted((*gone, *_known(session, entries, ABSENT)))


def bring_in_kept(session: Session, who: SignedIn, import_id: int) -> int:
    """Bring in the people of an import that waits; return how many.

    Raises:
        ImportNotFound: it is not one's own.
        AlreadyBroughtIn: they are here.
        SheetHasProblems: since it was judged, something changed. Nobody came in.
    """
    row = _row(session, who, import_id, locked=True)
    if row.done_at is not None:
        raise AlreadyBroughtIn
    entries = _import(row).entries
    _refuse(problems_by_now(session, who, entries))
    return len(_bring_in(session, row, entries, by=who.id))


def bring_in(session: Session, entries: Sequence[Entry]) -> list[int]:
    """Bring people in without asking anybody: from the terminal. Returns their ids.

    Raises:
        SheetHasProblems: somebody has a number or an address of theirs. Nobody came in.
    """
    _refuse(problems_by_now(session, None, entries))
    row = PeopleImport(made_at=clock.now(), entries=[])
    session.add(row)
    return _bring_in(session, row, entries, by=audit.SYSTEM)


def _bring_in(session: Session, row: PeopleImport, entries: Sequence[Entry], *, by: int) -> list[int]:
    ids = create_people(session, [_new(entry) for entry in entries])
    row.entries, row.people, row.done_at = None, ids, clock.now()
    session.flush()
    audit.record(session, "person.import", ("import", row.id), actor_id=by, people=ids)
    return ids


def _new(entry: Entry) -> NewPerson:
    return NewPerson(
        name=entry.name,
        nip=entry.nip or None,
        email=entry.email or None,
        rank=entry.rank,
        grade=entry.grade,
        position=entry.position,
        unit_id=entry.unit_id,
    )


def _known(session: Session, entries: Sequence[Entry], columns: Mapping[Field, Column]) -> Iterator[Problem]:
    """Rows whose number somebody has or had, or whose address somebody has."""
    numbers = {entry.nip for entry in entries if entry.nip}
    emails = {entry.email for entry in entries if entry.email}
    number, address = PersonNumber.number, Person.email
    taken_numbers = set(session.scalars(select(number).where(number.in_(numbers))))
    taken_emails = set(session.scalars(select(address).where(address.in_(emails))))
    for entry in entries:
        if entry.nip in taken_numbers:
            yield Problem(entry.row, columns[Field.NIP], "known")
        if entry.email in taken_emails:
            yield Problem(entry.row, columns[Field.EMAIL], "known")


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise SheetHasProblems(problems)


def _row(session: Session, who: SignedIn, import_id: int, *, locked: bool = False) -> PeopleImport:
    wanted = select(PeopleImport).where(PeopleImport.id == import_id, PeopleImport.by_id == who.id)
    row = session.scalars(wanted.with_for_update() if locked else wanted).one_or_none()
    if row is None:
        raise ImportNotFound(id=import_id)
    return row


def _import(row: PeopleImport) -> Import:
    entries = tuple(Entry(**entry) for entry in row.entries or ())
    return Import(row.id, entries, tuple(row.people or ()))
