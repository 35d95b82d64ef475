"""What a text that somebody sends becomes: itself, both texts together, or both texts side by side.

Reads the store and the history, writes nothing: `drafts.save` decides whether it is still true.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from courses.drafting import texts
from courses.drafting.drafts import DraftView
from courses.drafting.history import was_held
from courses.drafting.merging import Merged, Names, has_marks, merge
from courses.errors import Conflict, Invalid
from courses.storage import ObjectStore


class MarksLeft(Invalid):
    """The text still holds two readings of one place."""


class NoText(Invalid):
    """The file is no text, so it can't be edited as one."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A text for a path. `base` is the object that it was made from; empty for a new file."""

    path: str
    base: str
    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The bytes to keep, in place of the object `seen`, and by which act."""

    content: bytes
    seen: str | None
    act: str


class Disagreement(Conflict):
    """Somebody else changed the file meanwhile, in the same places; or took it away.

    Attributes:
        mine: the text that was sent.
        theirs: the text that is there now; None: the file is gone.
        merged: both, with marks where they disagree.
        base: the object that is there now: what comes next is made from it.
    """

    def __init__(self, mine: str, theirs: str | None, merged: Merged, base: str) -> None:
        super().__init__()
        self.mine, self.theirs, self.merged, self.base = mine, theirs, merged, base


def settled(session: Session, draft: DraftView, edit: Edit, objects: ObjectStore, names: Names) -> Settled:
    """Say what becomes of an edit.

    Args:
        session: for the history.
        draft: as it stands.
        edit: what somebody sends.
        objects: the store.
        names: whose text is whose, for the marks of a disagreement.

    Raises:
        MarksLeft: marks of an earlier disagreement stand in it.
        NoText: what is there is no text.
        Disagreement: it cannot be put together with what is there.
    """
    text = texts.plain(edit.text)
    if has_marks(text):
        raise MarksLeft(path=edit.path)
    now = draft.manifest.get(edit.path)
    if now is None:
        return _of_a_missing_file(edit, text)
    content = objects.get(now)
    theirs = texts.shown(content)
    if theirs is None:
        raise NoText(path=edit.path)
    if edit.base == now or theirs == text:
        return Settled(texts.kept(text, content), now, "saved")
    merged = merge(_base(session, draft, edit, objects), text, theirs, names)
    if merged.conflicts:
        raise Disagreement(text, theirs, merged, now)
    return Settled(texts.kept(merged.text, content), now, "merged")


def _of_a_missing_file(edit: Edit, text: str) -> Settled:
    if edit.base:
        raise Disagreement(text, None, Merged(text, 0), "")
    return Settled(text.encode(), None, "saved")


def _base(session: Session, draft: DraftView, edit: Edit, objects: ObjectStore) -> str:
    """The text both began from; nothing where the claim is not of this file's history."""
    if not was_held(session, draft.course_id, edit.path, edit.base):
        return ""
    return texts.shown(objects.get(edit.base)) or ""
