"""Posting, claiming and finishing jobs. The row is the truth; whoever wakes a worker only makes it sooner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses import clock
from courses.jobs.models import Outbox

LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_TROUBLE = 2000


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job. `tries` counts this claim."""

    id: int
    topic: str
    payload: Mapping[str, Any]
    tries: int


def post(session: Session, topic: str, *, due: datetime | None = None, **payload: Any) -> None:
    """Ask for work in this transaction: it is done after the commit, or not asked for at all.

    Args:
        session: the transaction that asks.
        topic: what is asked for.
        due: not before this moment; None: at once.
        payload: plain data for the handler.
    """
    now = clock.now()
    session.add(Outbox(topic=topic, payload=payload, created_at=now, due_at=due or now))
    session.flush()


def something_due(session: Session) -> bool:
    """Whether a job is due, without locking anything."""
    due = select(Outbox.id).where(Outbox.done_at.is_(None), Outbox.due_at <= clock.now()).limit(1)
    return session.scalar(due) is not None


def claim_next(session: Session) -> Job | None:
    """Claim the job that is due longest and lease it; None when nothing is due. Commit before working."""
    now = clock.now()
    row = session.scalars(
        select(Outbox)
        .where(Outbox.done_at.is_(None), Outbox.due_at <= now)
        .order_by(Outbox.due_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.due_at, row.tries = now + LEASE, row.tries + 1
    session.flush()
    return Job(row.id, row.topic, row.payload, row.tries)


def finish(session: Session, job: Job) -> None:
    """Mark a job done, in the transaction of its effect."""
    session.execute(update(Outbox).where(Outbox.id == job.id).values(done_at=clock.now(), trouble=None))


def fail(session: Session, job: Job, trouble: str) -> None:
    """Put a job back with a pause that doubles with each try, from 5 seconds to an hour.

    A worker whose lease ran out changes nothing: the job is another's by now, or done.
    """
    pause = min(LONGEST_PAUSE, timedelta(seconds=5 * 2 ** min(job.tries - 1, 12)))
    words = trouble.replace("\x00", "\N{SYMBOL FOR NULL}")[:LONGEST_TROUBLE]  # PostgreSQL keeps no NUL
    session.execute(
        update(Outbox)
        .where(Outbox.id == job.id, Outbox.tries == job.tries, Outbox.done_at.is_(None))
        .values(due_at=clock.now() + pause, trouble=words)
    )
