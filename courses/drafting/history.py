"""The versions of a draft: who made which when, what it changed, and what the draft held then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from courses.drafting.drafts import Change
from courses.drafting.models import DraftChange, DraftVersion
from courses.errors import NotFound
from courses.people.models import Person

PAGE = 50


class VersionNotFound(NotFound):
    """The draft has no version of that number."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version: by which act, by whom, when, and how many files it changed."""

    number: int
    act: str
    at: datetime
    by: str
    files: int


def versions(
    session: Session, course_id: int, *, before: int | None = None, path: str | None = None
) -> Sequence[Version]:
    """The versions of a draft, the latest first, at most PAGE and one more.

    Args:
        session: a transaction.
        course_id: the draft.
        before: only those with a smaller number.
        path: only those that changed this file.
    """
    counted = (
        select(func.count())
        .where(DraftChange.course_id == course_id, DraftChange.number == DraftVersion.number)
        .scalar_subquery()
    )
    wanted = (
        select(DraftVersion.number, DraftVersion.act, DraftVersion.at, Person.name, counted)
        .join(Person, Person.id == DraftVersion.by_id)
        .where(DraftVersion.course_id == course_id)
        .order_by(DraftVersion.number.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(DraftVersion.number < before)
    if path is not None:
        changed = select(DraftChange.number).where(
            DraftChange.course_id == course_id, DraftChange.path == path
        )
        wanted = wanted.where(DraftVersion.number.in_(changed))
    return [Version(*row) for row in session.execute(wanted)]


def version(session: Session, course_id: int, number: int) -> Version:
    """One version.

    Raises:
        VersionNotFound: there is none of that number.
    """
    found = versions(session, course_id, before=number + 1)
    if not found or found[0].number != number:
        raise VersionNotFound(number=number)
    return found[0]


def changes(session: Session, course_id: int, number: int) -> list[Change]:
    """What a version changed, by path; `seen` is what was there before."""
    before = manifest_at(session, course_id, number - 1)
    rows = session.execute(
        select(DraftChange.path, DraftChange.sha256)
        .where(DraftChange.course_id == course_id, DraftChange.number == number)
        .order_by(DraftChange.path)
    )
    return [Change(path, sha256, before.get(path)) for path, sha256 in rows]


def manifest_at(session: Session, course_id: int, number: int) -> Mapping[str, str]:
    """What a draft held at a version: of each path the latest change up to then."""
    latest = (
        select(DraftChange.path, func.max(DraftChange.number).label("number"))
        .where(DraftChange.course_id == course_id, DraftChange.number <= number)
        .group_by(DraftChange.path)
        .subquery()
    )
    rows = session.execute(
        select(DraftChange.path, DraftChange.sha256)
        .join(latest, and_(DraftChange.path == latest.c.path, DraftChange.number == latest.c.number))
        .where(DraftChange.course_id == course_id, DraftChange.sha256.is_not(None))
    )
    return {path: sha256 for path, sha256 in rows if sha256}


def was_held(session: Session, course_id: int, path: str, sha256: str) -> bool:
    """Whether a version of the draft held this object at this path."""
    found = select(DraftChange.number).where(
        DraftChange.course_id == course_id, DraftChange.path == path, DraftChange.sha256 == sha256
    )
    return session.scalar(found.limit(1)) is not None
