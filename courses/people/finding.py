"""Finding people: by the beginnings of words, by unit, role and state, in pages by key.

Each word of a name, each number a person has or had and their e-mail address is a row of `person_word`,
compared byte by byte: what begins with "nur" is a range of one index, however many people there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from courses.people.models import Person, PersonNumber, PersonWord, RoleGrant, Unit
from courses.people.reach import within_reach
from courses.people.sessions import SignedIn
from courses.people.units import below

PAGE = 50
LONGEST_WORD, MOST_WORDS = 100, 6
LAST = "\U0010ffff"
STATES = ("active", "waiting", "disabled")
_MARKS = str.maketrans(dict.fromkeys(",.;:()\"'", " "))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; empty means any. `state` is one of `STATES`."""

    text: str = ""
    unit_id: int | None = None
    role: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A line of a list of people."""

    id: int
    name: str
    nip: str
    position: str
    unit_name: str
    state: str
    roles: tuple[str, ...] = ()


def words_of(text: str) -> list[str]:
    """The words of a name or a search as they are compared: folded, without marks but an address's own."""
    words = (
        word.translate(_MARKS).split() if "@" not in word else [word] for word in text.casefold().split()
    )
    return [word[:LONGEST_WORD] for some in words for word in some]


def keep_words(session: Session, person: Person) -> None:
    """Bring the words of a person up to date: after they were made or changed."""
    numbers = session.scalars(select(PersonNumber.number).where(PersonNumber.person_id == person.id))
    rows = word_rows(person, numbers)
    session.execute(delete(PersonWord).where(PersonWord.person_id == person.id))
    if rows:
        session.execute(insert(PersonWord), rows)


def word_rows(person: Person, numbers: Iterable[str]) -> list[dict[str, object]]:
    """The rows of `person_word` of a person who has or had these numbers."""
    words = {*words_of(person.name), *numbers, *([person.email.casefold()] if person.email else [])}
    return [{"person_id": person.id, "word": word} for word in sorted(words)]


def state_of(person: Person) -> str:
    """Disabled, waiting for a first password, or active."""
    if person.disabled_at is not None:
        return "disabled"
    return "active" if person.password_hash else "waiting"


def find(session: Session, who: SignedIn, sought: Sought, after: int | None = None) -> list[FoundPerson]:
    """A page of people within reach, by name; one more than `PAGE` when there are more.

    Args:
        session: a session.
        who: the person who looks.
        sought: what is looked for.
        after: the id of the last person of the page before.
    """
    wanted = (
        select(Person, PersonNumber.number, Unit.name)
        .outerjoin(PersonNumber, and_(PersonNumber.person_id == Person.id, PersonNumber.ended_at.is_(None)))
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(within_reach(who), *_conditions(sought))
        .order_by(Person.name, Person.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        name = select(Person.name).where(Person.id == after).scalar_subquery()
        wanted = wanted.where(or_(Person.name > name, and_(Person.name == name, Person.id > after)))
    found = [
        FoundPerson(person.id, person.name, number or "", person.position, unit or "", state_of(person))
        for person, number, unit in session.execute(wanted)
    ]
    return _with_roles(session, found) if found else []


def _conditions(sought: Sought) -> Iterable[ColumnElement[bool]]:
    compact = sought.text.replace(" ", "").replace(".", "")
    words = [compact] if compact.isdigit() else words_of(sought.text)
    for beginning in words[:MOST_WORDS]:
        named = select(PersonWord.person_id).where(
            PersonWord.word >= beginning, PersonWord.word < beginning + LAST
        )
        yield Person.id.in_(named)
    if sought.unit_id is not None:
        yield Person.unit_id.in_(below([sought.unit_id]))
    if sought.role:
        yield exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == sought.role)
    if sought.state:
        yield _in_state(sought.state)


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "disabled":
        return Person.disabled_at.is_not(None)
    chosen = Person.password_hash.is_(None) if state == "waiting" else Person.password_hash.is_not(None)
    return and_(Person.disabled_at.is_(None), chosen)


def _with_roles(session: Session, found: list[FoundPerson]) -> list[FoundPerson]:
    grants = select(RoleGrant.person_id, RoleGrant.role).where(
        RoleGrant.person_id.in_([person.id for person in found])
    )
    held: dict[int, set[str]] = {}
    for person_id, role in session.execute(grants.distinct()):
        held.setdefault(person_id, set()).add(role)
    return [replace(person, roles=tuple(sorted(held.get(person.id, ())))) for person in found]
