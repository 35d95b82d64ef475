"""`flask worker`: does what the outbox asks for, one job at a time, until SIGTERM.

A handler has a slow part that runs outside every transaction (`prepare`) and a short one that writes
(`apply`) in the transaction that marks the job done. Both may run again after a crash, so both are
idempotent.
"""

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli.edge import writing
from app.extensions import db
from app.issuer import issuer
from app.letters import about_password
from app.services import services, settings
from courses import randomness
from courses.assessment.expiring import grade_expired, something_expired
from courses.certification.issuing import award
from courses.certification.signed import make_document, mark_issued
from courses.jobs import Job, claim_next, fail, finish, something_due
from courses.people.resetting import TOPIC, recipient, sent
from courses.people.sessions import TOKEN_BYTES

log = logging.getLogger(__name__)
PAUSE = 0.5
PAUSE_IN_TROUBLE = 5.0
EXPIRY_EVERY = 10  # pauses

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """What a topic asks for. What `prepare` returns is handed to `apply`."""

    apply: Callable[[Session, Payload, Any], None]
    prepare: Callable[[Session, Payload], Any] = lambda _session, _payload: None


def _award(session: Session, payload: Payload, _prepared: None) -> None:
    award(session, payload["enrolment_id"], issuer())


def _sign(session: Session, payload: Payload) -> Any:
    tools = (services().signer, services().signing_key, services().objects)
    return make_document(session, payload["certificate_id"], tools)


def _issue(session: Session, payload: Payload, document: Any) -> None:
    if document is not None:
        mark_issued(session, payload["certificate_id"], document)


def _write_about_password(session: Session, payload: Payload) -> str | None:
    """Send the letter; its token is good once `apply` has told. Killed between, another letter is sent."""
    to = recipient(session, payload["reset"])
    session.rollback()
    if to is None:
        return None
    token = randomness.token(TOKEN_BYTES)
    services().mailer.send(about_password(to, payload["reset"], token))
    return token


def _told_about_password(session: Session, payload: Payload, token: str | None) -> None:
    if token is not None:
        sent(session, payload["reset"], token)


HANDLERS = {
    "course_completed": Handler(apply=_award),
    "certificate_numbered": Handler(prepare=_sign, apply=_issue),
    TOPIC: Handler(prepare=_write_about_password, apply=_told_about_password),
}


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def worker(once: bool) -> None:
    """Do the work that was put off."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pauses = 0
    while not stop.is_set():
        try:
            if pauses % EXPIRY_EVERY == 0:
                expire()
            busy = run_next()
        except SQLAlchemyError as error:
            log.warning("the database did not answer: %s", error)
            db.session.remove()
            stop.wait(PAUSE_IN_TROUBLE)
            continue
        if not busy:
            if once:
                return
            pauses += 1
            stop.wait(PAUSE)


def run_next() -> bool:
    """Do the next job that is due; tell whether there was one."""
    if not _something_due():
        return False
    with writing() as session:
        job = claim_next(session)
    if job is None:
        return False
    try:
        _do(job)
    except SQLAlchemyError:
        raise  # the lease runs out and the job is tried again
    except Exception as trouble:
        log.exception("job %s (%s) failed", job.id, job.topic)
        with writing() as session:
            fail(session, job, f"{type(trouble).__name__}: {trouble}")
    return True


def expire() -> None:
    """Grade the attempts whose time ran out."""
    grace = timedelta(seconds=settings().submission_grace)
    if not something_expired(db.session(), grace):
        db.session.rollback()
        return
    with writing() as session:
        grade_expired(session, grace)


def _do(job: Job) -> None:
    handler = HANDLERS[job.topic]
    session = db.session()
    prepared = handler.prepare(session, job.payload)
    session.rollback()
    with writing():
        handler.apply(session, job.payload, prepared)
        finish(session, job)


def _something_due() -> bool:
    """Look without locking: an idle worker must not hold up writers twice a second."""
    session = db.session()
    due = something_due(session)
    session.rollback()
    return due
