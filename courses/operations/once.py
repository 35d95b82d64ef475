"""Claiming an operation id before its effect, and remembering the reply after it, in one transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from courses import clock
from courses.asking import Told
from courses.database import insert_if_absent
from courses.errors import Conflict
from courses.operations.models import Operation


class ReusedOperation(Conflict):
    """An operation id came again with another body."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person was answered: a status, where to go, what was said, or a small body."""

    status: int
    location: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    body: Any = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed operation. `earlier` is the reply of the first time, None when this is the first."""

    person_id: int
    key: str
    earlier: Reply | None


_TABLE: Any = Operation.__table__
_REMEMBER = Told(
    update(_TABLE)
    .where(_TABLE.c.person_id == bindparam("of_person"), _TABLE.c.key == bindparam("of_key"))
    .values(reply=bindparam("said"))
)


def claim(session: Session, person_id: int, key: str, fingerprint: str) -> Claim:
    """Claim an id for this transaction, or find the reply it got before.

    The insert comes first and waits for a rival transaction, so that of eight at once one acts and seven
    get its reply.

    Raises:
        ReusedOperation: the id was used with another body.
    """
    fresh = insert_if_absent(
        session,
        Operation,
        {"person_id": person_id, "key": key, "fingerprint": fingerprint, "at": clock.now()},
    )
    if fresh:
        return Claim(person_id, key, None)
    row = session.execute(
        select(Operation.fingerprint, Operation.reply).where(
            Operation.person_id == person_id, Operation.key == key
        )
    ).first()
    if row is None or row.fingerprint != fingerprint or row.reply is None:
        raise ReusedOperation
    return Claim(person_id, key, _reply(row.reply))


def remember(session: Session, claimed: Claim, reply: Reply) -> None:
    """Store the reply of a claimed operation."""
    _REMEMBER.count(session, of_person=claimed.person_id, of_key=claimed.key, said=_stored(reply))


def _stored(reply: Reply) -> dict[str, Any]:
    return {name: getattr(reply, name) for name in ("status", "location", "said", "body")}


def _reply(stored: Any) -> Reply:
    said = tuple((str(category), str(words)) for category, words in stored["said"])
    return Reply(stored["status"], stored["location"], said, stored["body"])
