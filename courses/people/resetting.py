"""A forgotten password mended by mail: asked for by anyone, sent by a worker, good for one hour and once.

Whoever asks learns nothing: known or not, the same rows are read and written, and the letter is another
process's work. The token is in the letter alone; here is its SHA-256.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, union_all, update
from sqlalchemy.orm import Session

from courses import audit, clock, jobs
from courses.errors import NotFound, Refusal
from courses.people.codes import Owner
from courses.people.models import PasswordReset, Person, PersonNumber
from courses.people.persons import normalised
from courses.people.sessions import close_all, token_hash
from courses.people.signing_in import MOST_PER_ADDRESS, WINDOW, name_hash

TOPIC = "password_reset_asked"
LIFE = timedelta(hours=1)
MOST_PER_IDENTIFIER = 4


class TooManyResets(Refusal):
    """Too many letters were asked for under this name or from this address; `minutes` to wait at most."""

    status = 429


class ResetRefused(NotFound):
    """Nobody's token, or one that is over or was used."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter about their password, in which language, and until when it is good."""

    name: str
    email: str
    language: str
    until: datetime


def ask(session: Session, identifier: str, address: str) -> None:
    """Ask for a letter by NIP or e-mail address. It is sent to those who have an address and a password.

    Who has no password yet has a code, and who was given a new code is to use that.

    Raises:
        TooManyResets: whether or not there is such a person.
    """
    name = normalised(identifier)
    hashed, from_hash = name_hash(name), name_hash(address)
    _refuse_many(session, hashed, from_hash)
    named = union_all(
        select(Person.id).where(Person.email == name),
        select(PersonNumber.person_id).where(PersonNumber.number == name),
    )
    wanted = select(Person.id).where(Person.id.in_(named), _may_get_one())
    row = PasswordReset(
        person_id=session.scalar(wanted), identifier_hash=hashed, address_hash=from_hash, at=clock.now()
    )
    session.add(row)
    session.flush()
    jobs.post(session, TOPIC, reset=row.id)


def recipient(session: Session, reset_id: int) -> Recipient | None:
    """Who is to get a letter; None: nobody, it is too late, or they have it."""
    row = session.execute(
        select(Person.name, Person.email, Person.language, PasswordReset.at)
        .join(Person, Person.id == PasswordReset.person_id)
        .where(PasswordReset.id == reset_id, PasswordReset.at > clock.now() - LIFE)
        .where(PasswordReset.token_hash.is_(None), _may_get_one())
    ).first()
    return None if row is None else Recipient(row[0], row[1] or "", row[2], row[3] + LIFE)


def sent(session: Session, reset_id: int, token: str) -> None:
    """Let the token of a letter that was sent be good from now on."""
    this = update(PasswordReset).where(PasswordReset.id == reset_id, PasswordReset.token_hash.is_(None))
    session.execute(this.values(token_hash=token_hash(token)))


def token_owner(session: Session, token: str) -> Owner:
    """The person whose token this is.

    Raises:
        ResetRefused: nobody's.
    """
    owner = session.execute(
        select(Person.id, Person.name)
        .join(PasswordReset, PasswordReset.person_id == Person.id)
        .where(PasswordReset.token_hash == token_hash(token), PasswordReset.at > clock.now() - LIFE)
        .where(_may_get_one())
    ).first()
    if owner is None:
        raise ResetRefused
    return Owner(*owner)


def reset(session: Session, token: str, password_hash: str) -> int:
    """Give the person with this token the password they chose, once; every session of theirs ends.

    Returns:
        The id of the person.

    Raises:
        ResetRefused: the token was used or ended meanwhile.
    """
    owner = token_owner(session, token)
    person = session.get_one(Person, owner.id, with_for_update=True, populate_existing=True)
    token_owner(session, token)  # of two at once the second waited at the lock, and finds it used
    person.password_hash = password_hash
    close_all(session, person.id)
    session.flush()
    audit.record(session, "person.reset", ("person", person.id), actor_id=person.id)
    return person.id


def _may_get_one() -> ColumnElement[bool]:
    able = Person.disabled_at.is_(None), Person.password_hash.is_not(None), Person.email.is_not(None)
    return and_(*able)


def _refuse_many(session: Session, identifier_hash: str, address_hash: str) -> None:
    since = clock.now() - WINDOW
    for column, hashed, most in (
        (PasswordReset.identifier_hash, identifier_hash, MOST_PER_IDENTIFIER),
        (PasswordReset.address_hash, address_hash, MOST_PER_ADDRESS),
    ):
        asked = select(func.count()).where(column == hashed, PasswordReset.at > since)
        if (session.scalar(asked) or 0) >= most:
            raise TooManyResets(minutes=int(WINDOW.total_seconds() // 60))
