"""Reading the catalogue: current editions, pages, media. Editions never change, so they are kept in memory.

The memory is bounded and keyed by ids of immutable rows: no invalidation, and two nodes cannot disagree.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import CourseRow, Edition, MediaFile, Page
from courses.catalogue.outline import Outline, from_data
from courses.errors import NotFound

V = TypeVar("V")


class CourseNotFound(NotFound):
    """No course with that slug has been published."""


class PageNotFound(NotFound):
    """The edition has no such step."""


class MediaNotFound(NotFound):
    """No edition has a file with that content."""


@dataclass(frozen=True, slots=True)
class EditionView:
    """A published edition as it is read: ids, outline, description."""

    id: int
    course_id: int
    slug: str
    number: int
    token: str
    outline: Outline
    description_html: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The HTML of a step, and its headings as (id, text, level)."""

    html: str
    headings: tuple[tuple[str, str, int], ...]


class Memory(Generic[V]):
    """A bounded memory of immutable values: the oldest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Hashable, V] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return what is kept under the key, or make it and keep it."""
        found = self._kept.get(key)
        if found is not None:
            return found
        value = make()
        with self._lock:
            while len(self._kept) >= self._size:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = value
        return value

    def clear(self) -> None:
        """Forget everything; for tests that build a second database."""
        with self._lock:
            self._kept.clear()


_editions: Memory[EditionView] = Memory(256)
_pages: Memory[PageView] = Memory(4096)


def forget() -> None:
    """Empty the memory: another database has other rows under the same ids."""
    _editions.clear()
    _pages.clear()


def current_edition(session: Session, slug: str) -> EditionView:
    """The current edition of a course.

    Raises:
        CourseNotFound: there is none.
    """
    edition_id = session.scalar(
        select(Edition.id)
        .join(CourseRow, CourseRow.id == Edition.course_id)
        .where(CourseRow.slug == slug, Edition.is_current)
    )
    if edition_id is None:
        raise CourseNotFound(slug=slug)
    return edition(session, edition_id)


def edition(session: Session, edition_id: int) -> EditionView:
    """An edition by its id, from memory when it was read before."""
    return _editions.get(edition_id, lambda: _read_edition(session, edition_id))


def all_current(session: Session) -> list[EditionView]:
    """The current edition of every course, by title."""
    ids = session.scalars(select(Edition.id).where(Edition.is_current).order_by(Edition.title, Edition.id))
    return [edition(session, edition_id) for edition_id in ids.all()]


def page(session: Session, edition_id: int, step_id: str) -> PageView:
    """The page of a step.

    Raises:
        PageNotFound: the edition has no such step.
    """
    return _pages.get((edition_id, step_id), lambda: _read_page(session, edition_id, step_id))


def media_type(session: Session, sha256: str) -> str:
    """The media type of a published file by its content hash.

    Raises:
        MediaNotFound: no edition has it.
    """
    found = session.scalar(select(MediaFile.type).where(MediaFile.sha256 == sha256).limit(1))
    if found is None:
        raise MediaNotFound
    return found


def _read_edition(session: Session, edition_id: int) -> EditionView:
    row = session.execute(
        select(
            Edition.course_id,
            CourseRow.slug,
            Edition.number,
            Edition.token,
            Edition.outline,
            Edition.description_html,
        )
        .join(CourseRow, CourseRow.id == Edition.course_id)
        .where(Edition.id == edition_id)
    ).one()
    return EditionView(
        id=edition_id,
        course_id=row.course_id,
        slug=row.slug,
        number=row.number,
        token=row.token,
        outline=from_data(row.outline),
        description_html=row.description_html,
    )


def _read_page(session: Session, edition_id: int, step_id: str) -> PageView:
    row = session.execute(
        select(Page.html, Page.headings).where(Page.edition_id == edition_id, Page.step_id == step_id)
    ).first()
    if row is None:
        raise PageNotFound(step=step_id)
    return PageView(row.html, tuple((name, words, level) for name, words, level in row.headings))
