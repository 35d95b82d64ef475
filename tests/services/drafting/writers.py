"""Drafts for tests: begun, and changed by the services as the pages do it."""

from collections.abc import Mapping

from app.extensions import db
from app.services import services
from courses import clock
from courses.catalogue.beginning import take_slug
from courses.drafting import drafts, editing
from courses.drafting.drafts import Beginning, Change, DraftView, Save
from courses.drafting.merging import NOBODY
from courses.people.sessions import SignedIn
from tests.people import Somebody
from tests.services.crowd import writing

FILES = {"course.md": b"---\ntitle: Arsip\n---\n", "01-a.md": b"satu\ndua\ntiga\nempat\nlima\n"}


def admin_of(who: Somebody) -> SignedIn:
    """The person as an admin who is signed in."""
    return SignedIn(who.id, who.name, "", "id", frozenset({"admin"}), "", clock.now())


def instructor_of(who: Somebody, *courses: int) -> SignedIn:
    """The person as an instructor who is signed in."""
    roles = frozenset({"instructor"})
    return SignedIn(who.id, who.name, "", "id", roles, "", clock.now(), courses=frozenset(courses))


def begun(who: Somebody, slug: str = "arsip", files: Mapping[str, bytes] = FILES) -> DraftView:
    """A new draft, committed."""
    manifest = drafts.stored(files, services().objects)

    def act(session):
        course_id = take_slug(session, slug)
        return drafts.begin(session, Beginning(course_id, slug, "Arsip", manifest), "begun", by=who.id)

    return writing(act)


def held(slug: str = "arsip") -> DraftView:
    """The draft as it stands."""
    nobody = SignedIn(0, "", "", "id", frozenset({"admin"}), "", clock.now())
    db.session.rollback()
    found = drafts.reached(db.session(), nobody, slug)
    db.session.rollback()
    return found


def text_of(draft: DraftView, path: str) -> str:
    """What a file of a draft says."""
    return services().objects.get(draft.object_of(path)).decode()


def sent(who: Somebody, draft: DraftView, path: str, base: str, text: str) -> int:
    """Save a text as the page does, given the draft as it was read before the transaction."""
    objects = services().objects
    db.session.rollback()
    found = editing.settled(db.session(), draft, editing.Edit(path, base, text), objects, NOBODY)
    db.session.rollback()
    change = Change(path, objects.put(found.content), found.seen)
    wanted = Save([change], found.act, who.id)
    return writing(lambda session: drafts.save(session, draft.course_id, wanted))
