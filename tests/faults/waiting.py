"""The end of a fault: what the worker still has to do is done, without waiting for leases to run out."""

from sqlalchemy import func, select, update

from app.cli.edge import writing
from courses import clock
from courses.jobs.models import Outbox
from tests.faults.house import House, eventually


def jobs_end(here: House, seconds: float = 120) -> bool:
    """Let the leases of the dead run out and the pauses of the failed end; tell whether all was done then."""
    with here.app.app_context(), writing() as session:
        session.execute(update(Outbox).where(Outbox.done_at.is_(None)).values(due_at=clock.now()))
    return eventually(lambda: not jobs_waiting(here), seconds)


def jobs_waiting(here: House) -> int:
    """How many jobs are not done."""
    with here.database() as session:
        return session.scalar(select(func.count()).where(Outbox.done_at.is_(None))) or 0
