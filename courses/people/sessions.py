"""Sessions are rows: a random 256-bit token in the cookie, its SHA-256 here. Ended means gone, at once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from courses import clock, randomness
from courses.people.models import Person, RoleGrant, SignIn, Unit

TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who is signed in, with all a page and a permission need of them, from one query."""

    id: int
    name: str
    unit_name: str
    language: str
    roles: frozenset[str]
    token_hash: str
    seen_at: datetime

    @property
    def is_admin(self) -> bool:
        """Whether they hold the admin role."""
        return "admin" in self.roles

    @property
    def initials(self) -> str:
        """Up to two letters for the corner of a page, titles before and after the name left out."""
        words = [word for word in self.name.split(",")[0].split() if not word.endswith(".")]
        return "".join(word[0] for word in (words or self.name.split())[:2]).upper()

    @property
    def short_name(self) -> str:
        """The name without the titles after it."""
        return self.name.split(",")[0]

    @property
    def seen_is_old(self) -> bool:
        """Whether `seen_at` is due to be touched."""
        return clock.now() - self.seen_at > SEEN_EVERY


def token_hash(token: str) -> str:
    """The name under which a token is stored."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_session(session: Session, person_id: int, days: int) -> str:
    """Open a session for a person and return its token, which is nowhere else."""
    token, now = randomness.token(TOKEN_BYTES), clock.now()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    session.flush()
    return token


def signed_in(session: Session, token: str) -> SignedIn | None:
    """The person behind a token, in one query; None when the session ended or the person is disabled."""
    roles = (
        select(func.aggregate_strings(RoleGrant.role, ","))
        .where(RoleGrant.person_id == Person.id)
        .scalar_subquery()
    )
    row = session.execute(
        select(Person.id, Person.name, Unit.name, Person.language, roles, SignIn.token_hash, SignIn.seen_at)
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > clock.now())
        .where(Person.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    granted = frozenset(row[4].split(",")) if row[4] else frozenset[str]()
    return SignedIn(row[0], row[1], row[2] or "", row[3], granted, row[5], row[6])


def touch(session: Session, hashed: str) -> None:
    """Note that a session is in use."""
    session.execute(update(SignIn).where(SignIn.token_hash == hashed).values(seen_at=clock.now()))


def close_session(session: Session, hashed: str) -> None:
    """End one session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hashed))


def close_all(session: Session, person_id: int) -> None:
    """End every session of a person: a changed password, a disabled account."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
