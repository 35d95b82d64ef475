"""Drafts: beginning one, finding it for those who may, and the one way in which it changes.

A change says what its maker saw. Where that is not what is there, nothing is written: whoever was second is
told, and nobody's words are written over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses import clock
from courses.authoring.admission import MOST_FILES
from courses.authoring.source import Source
from courses.database import insert_if_absent
from courses.drafting.models import Draft, DraftChange, DraftVersion
from courses.errors import Conflict, NotFound, TooLarge
from courses.people.sessions import SignedIn
from courses.storage import ObjectStore

ACTS = (
    "begun",
    "opened",
    "saved",
    "merged",
    "added",
    "renamed",
    "removed",
    "restored",
    "uploaded",
    "renewed",
)
"""By what a version came about; `opened` and `renewed`: from the published edition."""


class DraftNotFound(NotFound):
    """There is no such draft, or it is not for this person."""


class FileNotInDraft(NotFound):
    """The draft has no such file."""


class DraftExists(Conflict):
    """The course is being written already."""


class DraftMoved(Conflict):
    """Somebody else changed the same files since they were looked at."""


class TooManyFiles(TooLarge):
    """A course may not have so many files."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it stands at version `number`. `manifest` maps paths to objects."""

    course_id: int
    slug: str
    title: str
    number: int
    edition: int
    published_number: int
    manifest: Mapping[str, str]
    changed_at: datetime

    def object_of(self, path: str) -> str:
        """The object at a path.

        Raises:
            FileNotInDraft: there is none.
        """
        try:
            return self.manifest[path]
        except KeyError:
            raise FileNotInDraft(path=path) from None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a draft begins with: a course, its files, and the number of the edition they are of, or 0."""

    course_id: int
    slug: str
    title: str
    manifest: Mapping[str, str]
    edition: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A path gets an object (None: it goes). `seen` is the object that the maker of the change saw there."""

    path: str
    sha256: str | None
    seen: str | None


@dataclass(frozen=True, slots=True)
class Save:
    """Changes that are made together, by which act and by whom; `title` where course.md is among them."""

    changes: Sequence[Change]
    act: str
    by: int
    title: str | None = None


def begin(session: Session, beginning: Beginning, act: str, *, by: int) -> DraftView:
    """Begin a draft: its first version holds all its files.

    Raises:
        DraftExists: the course has one.
    """
    values = {
        "course_id": beginning.course_id,
        "slug": beginning.slug,
        "title": beginning.title,
        "number": 0,
        "edition": beginning.edition,
        "published_number": 1 if beginning.edition else 0,
        "manifest": {},
        "changed_at": clock.now(),
    }
    if not insert_if_absent(session, Draft, values):
        raise DraftExists(course=beginning.slug)
    changes = [Change(path, sha256, None) for path, sha256 in beginning.manifest.items()]
    save(session, beginning.course_id, Save(changes, act, by))
    return _view(session.get_one(Draft, beginning.course_id))


def reached(session: Session, who: SignedIn, slug: str) -> DraftView:
    """A draft that somebody may write in: an admin in all, an instructor in those of their courses.

    Raises:
        DraftNotFound: there is none, or not for them.
    """
    wanted = select(Draft).where(Draft.slug == slug)
    if not who.is_admin:
        wanted = wanted.where(Draft.course_id.in_(who.courses))
    draft = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if draft is None:
        raise DraftNotFound(course=slug)
    return _view(draft)


def drafts_of(session: Session, who: SignedIn) -> list[DraftView]:
    """The drafts that somebody may write in, the latest changed first."""
    wanted = select(Draft).order_by(Draft.changed_at.desc(), Draft.course_id)
    if not who.is_admin:
        wanted = wanted.where(Draft.course_id.in_(who.courses))
    return [_view(draft) for draft in session.scalars(wanted)]


def save(session: Session, course_id: int, wanted: Save) -> int:
    """Make a version of a draft, all changes of it or none.

    Args:
        session: a writing transaction; the objects are stored already.
        course_id: the draft, which whoever calls this may write in.
        wanted: what changes; changes that change nothing make no version.

    Returns: The number of the version that is there now.

    Raises:
        DraftMoved: something else is there than the maker of the changes saw; `facts["paths"]` says where.
        TooManyFiles: a course may not have so many.
    """
    draft = _locked(session, course_id)
    manifest: dict[str, str] = dict(draft.manifest)
    moved = [one.path for one in wanted.changes if manifest.get(one.path) != one.seen]
    if moved:
        raise DraftMoved(paths=moved)
    changes = [one for one in wanted.changes if one.sha256 != one.seen]
    if not changes:
        return draft.number
    _apply(manifest, changes)
    if len(manifest) > MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    draft.number += 1
    draft.manifest, draft.changed_at = manifest, clock.now()
    if wanted.title is not None:
        draft.title = wanted.title or draft.slug
    session.add(
        DraftVersion(
            course_id=course_id, number=draft.number, act=wanted.act, at=draft.changed_at, by_id=wanted.by
        )
    )
    session.flush()
    session.add_all(
        DraftChange(course_id=course_id, number=draft.number, path=one.path, sha256=one.sha256)
        for one in changes
    )
    session.flush()
    return draft.number


def note_published(session: Session, course_id: int, number: int, edition: int) -> None:
    """Note that a version became an edition."""
    draft = _locked(session, course_id)
    draft.published_number, draft.edition = number, edition
    session.flush()


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """The changes that lead from one manifest to another, by path."""
    paths = sorted(before.keys() | after.keys())
    found = (Change(path, after.get(path), before.get(path)) for path in paths)
    return [one for one in found if one.sha256 != one.seen]


def stored(files: Mapping[str, bytes], objects: ObjectStore) -> dict[str, str]:
    """Put files into the store and return them as a manifest. Touches no database."""
    return {path: objects.put(content) for path, content in sorted(files.items())}


def source_of(slug: str, manifest: Mapping[str, str], objects: ObjectStore) -> Source:
    """The files of a manifest, as authoring reads them."""
    return Source(slug, {path: objects.get(sha256) for path, sha256 in sorted(manifest.items())})


def _apply(manifest: dict[str, str], changes: Iterable[Change]) -> None:
    for one in changes:
        if one.sha256 is None:
            del manifest[one.path]
        else:
            manifest[one.path] = one.sha256


def _locked(session: Session, course_id: int) -> Draft:
    wanted = select(Draft).where(Draft.course_id == course_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _view(draft: Draft) -> DraftView:
    return DraftView(
        course_id=draft.course_id,
        slug=draft.slug,
        title=draft.title,
        number=draft.number,
        edition=draft.edition,
        published_number=draft.published_number,
        manifest=dict(draft.manifest),
        changed_at=draft.changed_at,
    )
