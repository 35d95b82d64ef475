"""Codes by which a person chooses a password: random, readable, once, for thirty days; hashed in the table.

A new code ends the old one, the old password and every session: that is how a forgotten password is mended.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.orm import Session

from courses import audit, clock, randomness
from courses.errors import Forbidden
from courses.people.models import ActivationCode, Person, PersonNumber, RoleGrant, Unit
from courses.people.persons import normalised
from courses.people.reach import changeable, within_reach
from courses.people.sessions import SignedIn, close_all
from courses.people.units import below

LIFE = timedelta(days=30)
SIGNS, GROUP = 12, 4
MOST_AT_ONCE = 200
# Read aloud and typed on a phone: what looks like another sign is that sign.
_SAME = str.maketrans({"i": "1", "l": "1", "o": "0", "u": "v", "-": None, " ": None})


class CodeRefused(Forbidden):
    """Number and code do not go together, or the code is over. Nobody learns which."""


@dataclass(frozen=True, slots=True)
class CodeSlip:
    """What is cut from a sheet and handed to a person: the only place where the code can be read."""

    name: str
    nip: str
    unit_name: str
    code: str
    expires_at: datetime


def give_code(session: Session, who: SignedIn, person_id: int) -> CodeSlip:
    """Give one person a new code: their password is forgotten and their sessions end.

    Raises:
        PersonNotFound, HoldsRole: not theirs to change.
    """
    person = changeable(session, who, person_id)
    person.password_hash = None
    close_all(session, person_id)
    audit.record(session, "person.code", ("person", person_id), actor_id=who.id)
    return _slips(session, [person_id])[0]


def give_codes(session: Session, who: SignedIn, unit_id: int) -> list[CodeSlip]:
    """Give new codes to those of a unit, with all below, who have no password yet, in the order of names.

    At most `MOST_AT_ONCE`. Who holds a good code gets none: a second sheet takes nothing from the first.
    """
    return _give(session, who, Person.unit_id.in_(below([unit_id])))


def give_codes_to(session: Session, who: SignedIn, people: Collection[int]) -> list[CodeSlip]:
    """The same for some people, by their ids."""
    return _give(session, who, Person.id.in_(people))


def count_waiting(session: Session, who: SignedIn, people: Collection[int]) -> int:
    """How many of some people have neither a password nor a good code."""
    waiting = _waiting(who).where(Person.id.in_(people)).subquery()
    return session.scalars(select(func.count()).select_from(waiting)).one()


def _give(session: Session, who: SignedIn, wanted: ColumnElement[bool]) -> list[CodeSlip]:
    waiting = _waiting(who).where(wanted).order_by(Person.name, Person.id).limit(MOST_AT_ONCE)
    ids = list(session.scalars(waiting))
    for person_id in ids:
        audit.record(session, "person.code", ("person", person_id), actor_id=who.id)
    return _slips(session, ids)


def _waiting(who: SignedIn) -> Select[int]:
    """Those within reach who have neither a password nor a good code, nor a role."""
    return (
        select(Person.id)
        .outerjoin(ActivationCode, ActivationCode.person_id == Person.id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .where(within_reach(who))
        .where(Person.password_hash.is_(None), Person.disabled_at.is_(None), RoleGrant.id.is_(None))
        .where((ActivationCode.person_id.is_(None)) | (ActivationCode.expires_at <= clock.now()))
    )


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose code it is, and what their password may not be."""

    id: int
    name: str


def code_owner(session: Session, identifier: str, code: str) -> Owner:
    """The person whose code this is.

    Raises:
        CodeRefused: nobody's.
    """
    name = normalised(identifier)
    numbered = select(PersonNumber.person_id).where(
        PersonNumber.number == name, PersonNumber.ended_at.is_(None)
    )
    owner = session.execute(
        select(Person.id, Person.name)
        .join(ActivationCode, ActivationCode.person_id == Person.id)
        .where(Person.id.in_(numbered.union_all(select(Person.id).where(Person.email == name))))
        .where(ActivationCode.code_hash == _hashed(code), ActivationCode.expires_at > clock.now())
        .where(Person.disabled_at.is_(None))
    ).first()
    if owner is None:
        raise CodeRefused
    return Owner(*owner)


def spend(session: Session, person_id: int, code: str, password_hash: str) -> None:
    """Give a person the password they chose, for their code, once.

    Raises:
        CodeRefused: the code was spent or replaced meanwhile.
    """
    spent = delete(ActivationCode).where(
        ActivationCode.person_id == person_id,
        ActivationCode.code_hash == _hashed(code),
        ActivationCode.expires_at > clock.now(),
    )
    if session.execute(spent.returning(ActivationCode.person_id)).first() is None:
        raise CodeRefused
    session.get_one(Person, person_id).password_hash = password_hash
    close_all(session, person_id)
    session.flush()
    audit.record(session, "person.activate", ("person", person_id), actor_id=person_id)


def _slips(session: Session, ids: Collection[int]) -> list[CodeSlip]:
    now = clock.now()
    codes = {person_id: _fresh() for person_id in ids}
    session.execute(delete(ActivationCode).where(ActivationCode.person_id.in_(ids)))
    session.add_all(
        ActivationCode(person_id=person_id, code_hash=_hashed(code), made_at=now, expires_at=now + LIFE)
        for person_id, code in codes.items()
    )
    session.flush()
    rows = session.execute(
        select(Person.id, Person.name, PersonNumber.number, Unit.name)
        .outerjoin(PersonNumber, and_(PersonNumber.person_id == Person.id, PersonNumber.ended_at.is_(None)))
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Person.id.in_(ids))
        .order_by(Person.name, Person.id)
    )
    return [
        CodeSlip(name, number or "", unit or "", codes[person_id], now + LIFE)
        for person_id, name, number, unit in rows
    ]


def _fresh() -> str:
    """Sixty random bits in three groups of four: `k7wq-3fzd-9x2m`."""
    signs = randomness.code()[-SIGNS:]
    return "-".join(signs[start : start + GROUP] for start in range(0, SIGNS, GROUP))


def _hashed(code: str) -> str:
    plain = code.strip().lower().translate(_SAME)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
