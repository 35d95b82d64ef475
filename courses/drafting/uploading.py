"""A whole course that comes back as a zip file: what it changes, and whom it would write over.

A zip file of ours says which version it began from. What others changed since then stays, where the file left
it alone; where both changed a text in other places, the two are put together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from courses.drafting import texts
from courses.drafting.drafts import Change, DraftView
from courses.drafting.history import manifest_at
from courses.drafting.merging import merge
from courses.errors import Conflict
from courses.storage import ObjectStore, hash_of


class UploadDisagrees(Conflict):
    """Others changed the same places of the same files since the zip file was made; nothing was taken."""


@dataclass(slots=True)
class Upload:
    """What an upload changes, and the bytes to store for it, by their hash."""

    changes: list[Change] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def add(self, path: str, content: bytes | None, seen: str | None) -> None:
        """Note what a path becomes."""
        sha256 = None if content is None else hash_of(content)
        if sha256 == seen:
            return
        if content is not None and sha256 is not None:
            self.contents[sha256] = content
        self.changes.append(Change(path, sha256, seen))


def planned(
    session: Session, draft: DraftView, files: Mapping[str, bytes], began: int | None, objects: ObjectStore
) -> Upload:
    """Say what the files of a zip change.

    Args:
        session: for the history.
        draft: as it stands.
        files: what came.
        began: the version that they began from, where they say so; else they take the place of everything.
        objects: the store.

    Raises:
        UploadDisagrees: with the paths.
    """
    known = began is not None and 0 < began <= draft.number
    base = manifest_at(session, draft.course_id, began) if known and began is not None else draft.manifest
    upload, disputed = Upload(), []
    for path in sorted(base.keys() | draft.manifest.keys() | files.keys()):
        ours, content = draft.manifest.get(path), files.get(path)
        came = None if content is None else hash_of(content)
        if came in (base.get(path), ours):
            continue
        if ours != base.get(path):
            content = _together(objects, (base.get(path), ours), content)
            if content is None:
                disputed.append(path)
                continue
        upload.add(path, content, ours)
    if disputed:
        raise UploadDisagrees(paths=disputed)
    return upload


def _together(
    objects: ObjectStore, theirs: tuple[str | None, str | None], mine: bytes | None
) -> bytes | None:
    """A file that both changed; None where they cannot be put together."""
    base, ours = (texts.shown(objects.get(one)) if one else None for one in theirs)
    text = texts.shown(mine) if mine is not None else None
    if base is None or ours is None or text is None or theirs[1] is None:
        return None
    merged = merge(base, text, ours)
    return None if merged.conflicts else texts.kept(merged.text, objects.get(theirs[1]))
