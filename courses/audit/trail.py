"""Writing and checking the hash chain.

The hash of an entry is SHA-256 over the hash before it and the canonical JSON of all its fields; the first
follows 64 zeros. The head row is read for update, so two writers cannot follow the same entry.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses import clock
from courses.audit.models import AuditEntry, AuditHead
from courses.database import canonical_json, insert_if_absent

BEGINNING = "0" * 64
SYSTEM = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the number of the entry, and why."""

    number: int
    why: str


def record(
    session: Session,
    act: str,
    subject: tuple[str, int],
    *,
    actor_id: int = SYSTEM,
    **details: Any,
) -> int:
    """Add an entry to the trail in this transaction.

    Args:
        session: the transaction of the act itself.
        act: what was done, for example `certificate.revoke`.
        subject: kind and id of what it was done to, for example `("certificate", 12)`.
        actor_id: the person who did it; 0 for the system.
        details: plain data; ids, no names and no numbers of persons.

    Returns:
        The number of the entry.
    """
    insert_if_absent(session, AuditHead, {"id": 1, "number": 0, "hash": BEGINNING})
    head = session.scalars(
        select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    ).one()
    entry = AuditEntry(
        number=head.number + 1,
        at=clock.now(),
        actor_id=actor_id,
        act=act,
        subject=subject[0],
        subject_id=subject[1],
        details=details,
    )
    entry.hash = _hash(head.hash, entry)
    head.number, head.hash = entry.number, entry.hash
    session.add(entry)
    session.flush()
    return entry.number


def entries_about(session: Session, subject: tuple[str, int]) -> Sequence[AuditEntry]:
    """Every entry about a subject, the oldest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == subject[0], AuditEntry.subject_id == subject[1])
        .order_by(AuditEntry.number)
    ).all()


def check(session: Session) -> Iterator[Broken]:
    """Walk the whole chain and yield each place where it does not hold; nothing yielded: it holds."""
    before, number = BEGINNING, 0
    as_stored = {"yield_per": 500, "populate_existing": True}  # not as this session remembers them
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(**as_stored))
    for entry in entries:
        number += 1
        if entry.number != number:
            yield Broken(number, "missing")
            number = entry.number
        if entry.hash != _hash(before, entry):
            yield Broken(entry.number, "changed")
        before = entry.hash
    head = session.execute(select(AuditHead.number, AuditHead.hash)).first()
    if (head.number, head.hash) != (number, before) if head else number:
        yield Broken(number + 1, "cut")


def _hash(before: str, entry: AuditEntry) -> str:
    fields = [
        entry.number,
        _exact(entry.at),
        entry.actor_id,
        entry.act,
        entry.subject,
        entry.subject_id,
        entry.details,
    ]
    return hashlib.sha256(f"{before}\n{canonical_json(fields)}".encode()).hexdigest()


def _exact(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
