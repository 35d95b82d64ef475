"""Sessions are rows: a random 256-bit token in the cookie, its SHA-256 here. Ended means gone, at once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, delete, func, literal_column, select, update
from sqlalchemy.orm import Session

from courses import clock, randomness
from courses.asking import Asked, Asker
from courses.people.models import PasswordReset, Person, RoleGrant, SignIn, Unit

TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=10)
SEPARATOR = ","
NO_ROLES = frozenset[str]()
NOWHERE = frozenset[int]()
ADMIN, OFFICE_ADMIN, INSTRUCTOR = "admin", "office_admin", "instructor"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who is signed in, with all a page and a permission need of them, from one query.

    `offices` are the units they are office admin of (with all below them: see `units.below`), `courses` the
    courses they are instructor of. `theme` is light, dark or empty.
    """

    id: int
    name: str
    unit_name: str
    language: str
    roles: frozenset[str]
    token_hash: str
    seen_at: datetime
    offices: frozenset[int] = NOWHERE
    courses: frozenset[int] = NOWHERE
    theme: str = ""

    @property
    def is_admin(self) -> bool:
        """Whether they hold the admin role."""
        return "admin" in self.roles

    @property
    def manages_people(self) -> bool:
        """Whether they look after people: all of them, or those of their offices."""
        return self.is_admin or bool(self.offices)

    @property
    def teaches(self) -> bool:
        """Whether they write courses: all of them, or those they are instructor of."""
        return self.is_admin or bool(self.courses)

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


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A line of a person's list of sessions. `name` is the SHA-256 of its token."""

    name: str
    device: str
    created_at: datetime
    seen_at: datetime
    current: bool


def _signed_in() -> Select[Any]:
    """The query behind every signed-in request."""
    entry, person = SignIn.__table__, Person.__table__
    unit, grant = Unit.__table__, RoleGrant.__table__
    comma: Any = literal_column(f"'{SEPARATOR}'")  # as a parameter, it would be spelt out at each request
    scope = func.coalesce(grant.c.unit_id, grant.c.course_id, literal_column("0"))
    held = grant.c.role.concat(literal_column("':'")).concat(cast(scope, Text))
    roles = (
        select(func.aggregate_strings(held, comma)).where(grant.c.person_id == person.c.id).scalar_subquery()
    )
    rows = entry.join(person, person.c.id == entry.c.person_id).outerjoin(unit, unit.c.id == person.c.unit_id)
    return (
        select(
            person.c.id, person.c.name, unit.c.name, person.c.language, roles, entry.c.seen_at, person.c.theme
        )
        .select_from(rows)
        .where(entry.c.token_hash == bindparam("token_hash"), entry.c.expires_at > bindparam("now"))
        .where(person.c.disabled_at.is_(None))
    )


_SIGNED_IN = Asked(_signed_in())


def token_hash(token: str) -> str:
    """The name under which a token is stored."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_session(session: Session, person_id: int, days: int, device: str = "") -> str:
    """Open a session for a person and return its token, which is nowhere else.

    Args:
        session: a writing transaction.
        person_id: whose session.
        days: until it ends by itself.
        device: as `devices.device_of` names it.
    """
    token, now = randomness.token(TOKEN_BYTES), clock.now()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person_id,
            device=device or None,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    session.flush()
    return token


def signed_in(session: Asker, token: str) -> SignedIn | None:
    """The person behind a token, in one query; None when the session ended or the person is disabled."""
    hashed = token_hash(token)
    row = _SIGNED_IN.first(session, token_hash=hashed, now=clock.now())
    if row is None:
        return None
    roles, offices, courses = _granted(row[4]) if row[4] else (NO_ROLES, NOWHERE, NOWHERE)
    theme = row[6] or ""
    return SignedIn(row[0], row[1], row[2] or "", row[3], roles, hashed, row[5], offices, courses, theme)


def _granted(held: str) -> tuple[frozenset[str], frozenset[int], frozenset[int]]:
    """The roles, the offices and the courses in `office_admin:3,instructor:8`."""
    grants = [grant.split(":") for grant in held.split(SEPARATOR)]
    offices = frozenset(int(scope) for role, scope in grants if role == OFFICE_ADMIN)
    courses = frozenset(int(scope) for role, scope in grants if role == INSTRUCTOR)
    return frozenset(role for role, _ in grants), offices, courses


def touch(session: Session, hashed: str) -> None:
    """Note that a session is in use."""
    session.execute(update(SignIn).where(SignIn.token_hash == hashed).values(seen_at=clock.now()))


def close_session(session: Session, hashed: str) -> None:
    """End one session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hashed))


def open_sessions(session: Session, who: SignedIn) -> list[OpenSession]:
    """The sessions of a person that have not ended, the one at hand first, then the latest seen."""
    wanted = select(SignIn).where(SignIn.person_id == who.id, SignIn.expires_at > clock.now())
    found = session.scalars(wanted.order_by(SignIn.seen_at.desc(), SignIn.token_hash)).all()
    lines = [
        OpenSession(
            one.token_hash, one.device or "", one.created_at, one.seen_at, one.token_hash == who.token_hash
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: not line.current)


def close_own(session: Session, person_id: int, hashed: str) -> bool:
    """End one session of a person; tell whether it was theirs and still open."""
    own = delete(SignIn).where(SignIn.token_hash == hashed, SignIn.person_id == person_id)
    return session.execute(own.returning(SignIn.person_id)).first() is not None


def close_others(session: Session, who: SignedIn) -> None:
    """End every session of a person but the one at hand."""
    session.execute(delete(SignIn).where(SignIn.person_id == who.id, SignIn.token_hash != who.token_hash))


def close_all(session: Session, person_id: int) -> None:
    """End every session of a person and every token in their mail: a new password, a disabled account."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    end_tokens(session, person_id)


def end_tokens(session: Session, person_id: int) -> None:
    """End every token that a person was sent by mail."""
    theirs = update(PasswordReset).where(PasswordReset.person_id == person_id)
    session.execute(theirs.where(PasswordReset.token_hash.is_not(None)).values(token_hash=None))
