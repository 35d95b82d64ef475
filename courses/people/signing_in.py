"""Signing in by NIP or e-mail: one answer for known and unknown people, failures counted for both.

Three steps, so that no password is hashed inside a transaction: `look_up` reads, the edge compares the
password, `admit` or `note_failure` writes.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from courses import clock
from courses.errors import Forbidden, Refusal
from courses.people.models import Person, PersonNumber, SignInFailure
from courses.people.persons import normalised
from courses.people.sessions import open_session

WINDOW = timedelta(minutes=15)
MOST_PER_IDENTIFIER = 8
MOST_PER_ADDRESS = 60


class SignInRefused(Forbidden):
    """Name and password do not go together, or the person may not sign in. Nobody learns which."""


class TooManyFailures(Refusal):
    """Too many refused sign-ins for this name or from this address; `minutes` to wait at most."""

    status = 429


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be meant by a name. `person_id` and `password_hash` are None for nobody."""

    identifier_hash: str
    person_id: int | None
    password_hash: str | None


def look_up(session: Session, identifier: str, address: str) -> Candidate:
    """Find who may be meant by a NIP or an e-mail address.

    Raises:
        TooManyFailures: for this name or from this address, whether or not there is such a person.
    """
    name = normalised(identifier)
    hashed = name_hash(name)
    _refuse_many(session, hashed, name_hash(address))
    # Two ways in one union: an "or" over two tables would read every person.
    named = union_all(
        select(Person.id).where(Person.email == name),
        select(PersonNumber.person_id).where(PersonNumber.number == name),
    )
    row = session.execute(
        select(Person.id, Person.password_hash)
        .where(Person.id.in_(named))
        .where(Person.disabled_at.is_(None))
    ).first()
    return Candidate(hashed, row[0], row[1]) if row else Candidate(hashed, None, None)


def asked_again(session: Session, person_id: int, address: str) -> Candidate:
    """The candidate that a person is who is signed in and is asked for their password once more.

    Raises:
        TooManyFailures: wrong passwords count here too, apart from those at the door.
    """
    hashed = name_hash(f"person {person_id}")
    _refuse_many(session, hashed, name_hash(address))
    return Candidate(
        hashed, person_id, session.scalar(select(Person.password_hash).where(Person.id == person_id))
    )


def admit(session: Session, candidate: Candidate, days: int, device: str = "") -> str:
    """Open a session for a candidate whose password matched; return its token.

    Raises:
        SignInRefused: the person was disabled or changed the password meanwhile.
    """
    # Held until the commit: a password that changes at this moment ends this session too.
    held = {"key_share": True}
    person = session.get(Person, candidate.person_id or 0, with_for_update=held)
    if person is None or person.disabled_at or person.password_hash != candidate.password_hash:
        raise SignInRefused
    return open_session(session, person.id, days, device)


def note_failure(session: Session, candidate: Candidate, address: str) -> None:
    """Count a refused sign-in."""
    session.add(
        SignInFailure(
            identifier_hash=candidate.identifier_hash, address_hash=name_hash(address), at=clock.now()
        )
    )
    session.flush()


def _refuse_many(session: Session, identifier_hash: str, address_hash: str) -> None:
    since = clock.now() - WINDOW
    for column, hashed, most in (
        (SignInFailure.identifier_hash, identifier_hash, MOST_PER_IDENTIFIER),
        (SignInFailure.address_hash, address_hash, MOST_PER_ADDRESS),
    ):
        failures = select(func.count()).where(column == hashed, SignInFailure.at > since)
        if (session.scalar(failures) or 0) >= most:
            raise TooManyFailures(minutes=int(WINDOW.total_seconds() // 60))


def name_hash(text: str) -> str:
    """The name under which a typed name or an address is counted."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
