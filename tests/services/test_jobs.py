"""The outbox: a job is asked for with its cause, leased by one worker at a time, tried again with pauses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.database import begin_writing
from courses.jobs import Job, claim_next, fail, finish, post, something_due
from courses.jobs.models import Outbox
from courses.jobs.outbox import LEASE, LONGEST_PAUSE
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.engines import only

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def at(session):
    """The clock, held at noon; calling it moves it to so long after noon."""
    with clock.pinned(NOON) as move:
        yield lambda later: move(NOON + later)


def asked(topic: str, **payload: Any) -> None:
    writing(lambda session: post(session, topic, **payload))


def claimed() -> Job:
    job = writing(claim_next)
    assert job is not None, "nothing is due"
    return job


def nothing_to_claim() -> bool:
    return writing(claim_next) is None


def due() -> bool:
    with Session(db.engine) as session:
        return something_due(session)


def row(job: Job) -> Outbox:
    with Session(db.engine) as session:
        return session.scalars(select(Outbox).where(Outbox.id == job.id)).one()


def test_a_job_carries_its_payload(at):
    asked("certificate_numbered", certificate_id=7, more={"a": [1]})
    job = claimed()
    assert (job.topic, job.payload, job.tries) == (
        "certificate_numbered",
        {"certificate_id": 7, "more": {"a": [1]}},
        1,
    )


def test_nothing_is_due_when_nothing_was_asked_for(at):
    assert not due()
    assert nothing_to_claim()


def test_work_is_not_asked_for_when_its_cause_is_rolled_back(session, at):
    begin_writing(session)
    post(session, "course_completed", enrolment_id=1)
    assert something_due(session)
    session.rollback()
    assert not due()


def test_the_job_that_waits_longest_comes_first(at):
    for n in (2, 1, 3):
        at(n * SECOND)
        asked(f"topic-{n}")
    at(10 * SECOND)
    assert [claimed().topic for _ in range(3)] == ["topic-1", "topic-2", "topic-3"]


def test_a_claimed_job_is_nobody_elses_until_its_lease_runs_out(at):
    asked("topic")
    first = claimed()
    assert nothing_to_claim()
    assert not due()
    at(LEASE - SECOND)
    assert nothing_to_claim()
    at(LEASE)
    assert due()
    again = claimed()
    assert (again.id, again.tries) == (first.id, 2)


def test_a_finished_job_never_comes_back(at):
    asked("topic")
    job = claimed()
    writing(lambda session: finish(session, job))
    at(timedelta(days=365))
    assert not due()
    assert nothing_to_claim()
    assert row(job).done_at == NOON


def test_finishing_one_job_finishes_no_other(at):
    for topic in ("first", "second"):
        asked(topic)
    first = claimed()
    writing(lambda session: finish(session, first))
    assert claimed().topic == "second"


def test_a_job_that_is_finished_in_a_rolled_back_transaction_is_not(session, at):
    asked("topic")
    job = claimed()
    begin_writing(session)
    finish(session, job)
    session.rollback()
    at(LEASE)
    assert claimed().id == job.id


@pytest.mark.parametrize(
    ("tries", "pause"), [(1, 5), (2, 10), (3, 20), (5, 80), (10, 2560), (11, 3600), (12, 3600), (400, 3600)]
)
def test_a_failed_job_is_tried_again_after_a_pause_that_doubles_up_to_an_hour(at, tries, pause):
    asked("topic")
    writing(lambda session: session.execute(update(Outbox).values(tries=tries - 1)))
    job = claimed()
    assert job.tries == tries
    writing(lambda session: fail(session, job, "PDF: no glyph"))
    assert row(job).due_at - NOON == min(timedelta(seconds=pause), LONGEST_PAUSE)
    assert row(job).trouble == "PDF: no glyph"


def test_a_failed_job_says_why_until_it_succeeds(at):
    asked("topic")
    job = claimed()
    writing(lambda session: fail(session, job, "x" * 5000 + "\x00"))
    assert row(job).trouble == "x" * 2000
    writing(lambda session: finish(session, job))
    assert row(job).trouble is None


def test_trouble_with_a_nul_in_its_words_is_kept_too(at):
    asked("topic")
    job = claimed()
    writing(lambda session: fail(session, job, "bad byte \x00 here"))
    assert row(job).trouble == "bad byte ␀ here"


def test_a_worker_whose_lease_ran_out_does_not_put_back_what_another_holds_or_has_done(at):
    asked("topic")
    slow = claimed()
    at(LEASE)
    quick = claimed()
    writing(lambda session: fail(session, slow, "late"))
    assert (row(quick).due_at, row(quick).trouble) == (NOON + 2 * LEASE, None)
    writing(lambda session: finish(session, quick))
    writing(lambda session: fail(session, slow, "later"))
    assert row(quick).trouble is None


def test_two_workers_at_the_same_moment_never_hold_the_same_job(at):
    for n in range(3):
        asked(f"topic-{n}")
    jobs = at_once(6, claim_next)
    assert sorted(job.topic for job in jobs if isinstance(job, Job)) == ["topic-0", "topic-1", "topic-2"]
    assert jobs.count(None) == 3


def test_a_second_worker_takes_the_next_job_while_the_first_is_still_claiming(at):
    for topic in ("first", "second"):
        asked(topic)
    got = second_while_first_is_open(claim_next, claim_next)
    assert isinstance(got, Job)
    assert got.topic == "second"


@only("postgresql")
def test_on_postgresql_a_second_worker_does_not_wait_for_the_first(session, at):
    for topic in ("first", "second"):
        asked(topic)
    begin_writing(session)
    assert claim_next(session) is not None

    def impatient(other: Session) -> Job | None:
        other.execute(text("SET LOCAL lock_timeout = '1s'"))
        return claim_next(other)

    job = writing(impatient)
    assert job is not None
    assert job.topic == "second"


def test_a_claim_that_is_rolled_back_leaves_the_job_for_the_next(at):
    asked("topic")
    got = second_while_first_is_open(claim_next, lambda session: True, commits=False)
    assert got is True
    assert claimed().tries == 1
