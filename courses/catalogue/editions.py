"""Reading the catalogue: current editions, pages, media. Editions never change, so they are kept in memory.

The memory is bounded and keyed by ids of immutable rows: no invalidation, and two nodes cannot disagree.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from courses.catalogue.models import CourseRow, Edition, MediaFile, Page
from courses.catalogue.outline import Outline, from_data
from courses.errors import NotFound

V = TypeVar("V")


class CourseNotFound(NotFound):
    """No course with that slug has been published."""


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


_memories: WeakSet["Memory[Any]"] = WeakSet()


class Memory(Generic[V]):
    """A bounded memory of immutable values: the oldest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Hashable, V] = {}
        self._lock = Lock()
        _memories.add(self)

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

    def peek(self, key: Hashable) -> V | None:
        """Return what is kept under the key, if anything."""
        return self._kept.get(key)

    def clear(self) -> None:
        """Forget everything; for tests that build a second database."""
        with self._lock:
            self._kept.clear()


_editions: Memory[EditionView] = Memory(256)
_pages: Memory[PageView] = Memory(4096)


def forget() -> None:
    """Empty every memory: another database has other rows under the same ids."""
    for memory in _memories:
        memory.clear()


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


def edition_and_page(session: Session, edition_id: int, step_id: str) -> tuple[EditionView, PageView | None]:
    """An edition and one of its pages, None when it has no such step; one query at most."""
    view, found = _editions.peek(edition_id), _pages.peek((edition_id, step_id))
    if view is not None and (found is not None or view.outline.step(step_id) is None):
        return view, found
    row = session.execute(
        _edition_query(edition_id)
        .add_columns(Page.html, Page.headings)
        .outerjoin(Page, and_(Page.edition_id == Edition.id, Page.step_id == step_id))
    ).one()
    view = _editions.get(edition_id, lambda: _edition_view(row))
    if row.html is None:
        return view, None
    return view, _pages.get((edition_id, step_id), lambda: _page_view(row))


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
    return _edition_view(session.execute(_edition_query(edition_id)).one())


def _edition_query(edition_id: int) -> Select[Any]:
    return (
        select(
            Edition.id,
            Edition.course_id,
            CourseRow.slug,
            Edition.number,
            Edition.token,
            Edition.outline,
            Edition.description_html,
        )
        .join(CourseRow, CourseRow.id == Edition.course_id)
        .where(Edition.id == edition_id)
    )


def _edition_view(row: Row[Any]) -> EditionView:
    return EditionView(
        id=row.id,
        course_id=row.course_id,
        slug=row.slug,
        number=row.number,
        token=row.token,
        outline=from_data(row.outline),
        description_html=row.description_html,
    )


def _page_view(row: Row[Any]) -> PageView:
    return PageView(row.html, tuple((name, words, level) for name, words, level in row.headings))
