"""Asking an admin to publish a version, and what they decide. At most one version of a course waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from courses import audit, clock
from courses.drafting.models import Draft, DraftReview
from courses.errors import Conflict, NotFound
from courses.people.models import Person

WAITING, APPROVED, DECLINED, REPLACED = "waiting", "approved", "declined", "replaced"
MOST = 100


class ReviewNotFound(NotFound):
    """Nobody asked that."""


class ReviewDecided(Conflict):
    """It was decided already, or something newer waits in its place."""


@dataclass(frozen=True, slots=True)
class Review:
    """A version that somebody wants published."""

    id: int
    course_id: int
    slug: str
    title: str
    number: int
    state: str
    asked_by: str
    asked_at: datetime
    reason: str


def ask(session: Session, course_id: int, number: int, *, by: int) -> None:
    """Ask that a version be published, in place of one of the course that waits."""
    replace_waiting(session, course_id)
    session.add(
        DraftReview(course_id=course_id, number=number, state=WAITING, asked_by=by, asked_at=clock.now())
    )
    session.flush()
    audit.record(session, "draft.ask", ("course", course_id), actor_id=by, version=number)


def replace_waiting(session: Session, course_id: int) -> None:
    """Let nothing of a course wait any more: something newer takes its place."""
    # The draft is what writers of a course queue at, so that two who ask follow one another.
    session.execute(select(Draft.course_id).where(Draft.course_id == course_id).with_for_update())
    waiting = (DraftReview.course_id == course_id, DraftReview.state == WAITING)
    session.execute(update(DraftReview).where(*waiting).values(state=REPLACED))


def waiting(session: Session) -> Sequence[Review]:
    """What waits for a decision, the oldest first."""
    wanted = _reviews().where(DraftReview.state == WAITING).order_by(DraftReview.id).limit(MOST)
    return [Review(*row) for row in session.execute(wanted)]


def latest(session: Session, course_id: int) -> Review | None:
    """What was asked last of a course."""
    wanted = _reviews().where(DraftReview.course_id == course_id).order_by(DraftReview.id.desc()).limit(1)
    row = session.execute(wanted).first()
    return Review(*row) if row else None


def review(session: Session, review_id: int) -> Review:
    """One review.

    Raises:
        ReviewNotFound: there is none.
    """
    row = session.execute(_reviews().where(DraftReview.id == review_id)).first()
    if row is None:
        raise ReviewNotFound(review=review_id)
    return Review(*row)


def approve(session: Session, review_id: int, *, by: int, edition: int) -> None:
    """Note that a version was approved and became an edition.

    Raises:
        ReviewDecided: it does not wait any more.
    """
    found = _decided(session, review_id, APPROVED, by)
    details = {"version": found.number, "edition": edition}
    audit.record(session, "draft.approve", ("course", found.course_id), actor_id=by, **details)


def decline(session: Session, review_id: int, reason: str, *, by: int) -> None:
    """Decline to publish a version, with a reason for whoever asked.

    Raises:
        ReviewDecided: it does not wait any more.
    """
    found = _decided(session, review_id, DECLINED, by)
    found.reason = reason
    session.flush()
    audit.record(session, "draft.decline", ("course", found.course_id), actor_id=by, version=found.number)


def _decided(session: Session, review_id: int, state: str, by: int) -> DraftReview:
    wanted = select(DraftReview).where(DraftReview.id == review_id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise ReviewNotFound(review=review_id)
    if found.state != WAITING:
        raise ReviewDecided(review=review_id)
    found.state, found.decided_by, found.decided_at = state, by, clock.now()
    session.flush()
    return found


def _reviews() -> Select[int, int, str, str, int, str, str, datetime, str]:
    return (
        select(
            DraftReview.id,
            DraftReview.course_id,
            Draft.slug,
            Draft.title,
            DraftReview.number,
            DraftReview.state,
            Person.name,
            DraftReview.asked_at,
            DraftReview.reason,
        )
        .join(Draft, Draft.course_id == DraftReview.course_id)
        .join(Person, Person.id == DraftReview.asked_by)
    )
