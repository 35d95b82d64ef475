"""Courses before and beside their editions: an address is taken, and what an edition was made from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from courses import clock
from courses.catalogue.editions import CourseNotFound
from courses.catalogue.models import CourseRow, Edition
from courses.database import insert_if_absent
from courses.errors import Conflict


class SlugTaken(Conflict):
    """Another course has that address."""


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in a list. `title` is that of its current edition, else its slug; `edition` 0: none yet."""

    id: int
    slug: str
    title: str
    edition: int


@dataclass(frozen=True, slots=True)
class EditionSource:
    """What the current edition of a course was made from: path -> object."""

    course_id: int
    number: int
    title: str
    manifest: Mapping[str, str]


def take_slug(session: Session, slug: str) -> int:
    """Take an address for a course that has no edition yet, and return the id of its row.

    Raises:
        SlugTaken: a course has it.
    """
    if not insert_if_absent(session, CourseRow, {"slug": slug, "created_at": clock.now()}):
        raise SlugTaken(slug=slug)
    return session.scalars(select(CourseRow.id).where(CourseRow.slug == slug)).one()


def course_lines(session: Session, ids: Collection[int] | None = None) -> list[CourseLine]:
    """Courses by title: all of them, or those with these ids."""
    wanted = select(CourseRow.id, CourseRow.slug, Edition.title, Edition.number).outerjoin(
        Edition, and_(Edition.course_id == CourseRow.id, Edition.is_current)
    )
    if ids is not None:
        wanted = wanted.where(CourseRow.id.in_(ids))
    lines = [
        CourseLine(row.id, row.slug, row.title or row.slug, row.number or 0)
        for row in session.execute(wanted)
    ]
    return sorted(lines, key=lambda line: (line.title.casefold(), line.id))


def edition_source(session: Session, slug: str) -> EditionSource:
    """What the current edition of a course was made from.

    Raises:
        CourseNotFound: it has none.
    """
    row = session.execute(
        select(CourseRow.id, Edition.number, Edition.title, Edition.manifest)
        .join(Edition, Edition.course_id == CourseRow.id)
        .where(CourseRow.slug == slug, Edition.is_current)
    ).first()
    if row is None:
        raise CourseNotFound(slug=slug)
    return EditionSource(row.id, row.number, row.title, dict(row.manifest))
