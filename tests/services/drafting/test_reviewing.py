"""Asking an admin to publish: one version of a course waits, it is decided once, and the trail knows."""

import pytest

from app.extensions import db
from courses.audit import entries_about
from courses.drafting import reviewing
from courses.drafting.models import DraftReview
from courses.drafting.reviewing import ReviewDecided, ReviewNotFound
from tests.services.crowd import at_once, writing
from tests.services.drafting.writers import begun


@pytest.fixture
def draft(instructor):
    return begun(instructor)


@pytest.fixture
def asked(draft, instructor):
    writing(lambda session: reviewing.ask(session, draft.course_id, 1, by=instructor.id))
    return _ids(draft)[-1]


def _ids(draft) -> list[int]:
    db.session.rollback()
    found = [row.id for row in db.session.query(DraftReview).order_by(DraftReview.id)]
    db.session.rollback()
    return found


def test_what_is_asked_waits_with_its_names(draft, asked, instructor):
    (waiting,) = reviewing.waiting(db.session())
    assert (waiting.id, waiting.slug, waiting.number, waiting.asked_by) == (
        asked,
        "arsip",
        1,
        instructor.name,
    )
    assert reviewing.latest(db.session(), draft.course_id) == waiting == reviewing.review(db.session(), asked)


def test_what_is_asked_later_takes_its_place(draft, asked, instructor):
    writing(lambda session: reviewing.ask(session, draft.course_id, 2, by=instructor.id))
    assert [one.number for one in reviewing.waiting(db.session())] == [2]
    assert reviewing.review(db.session(), asked).state == "replaced"


def test_of_several_who_ask_at_once_one_waits(draft, instructor):
    results = at_once(4, lambda session: reviewing.ask(session, draft.course_id, 1, by=instructor.id))
    assert results == [None] * 4
    assert len(reviewing.waiting(db.session())) == 1


def test_an_approval_is_in_the_trail(draft, asked, admin):
    writing(lambda session: reviewing.approve(session, asked, by=admin.id, edition=3))
    assert reviewing.waiting(db.session()) == []
    acts = [
        (entry.act, entry.actor_id, entry.details) for entry in entries_about(db.session(), _about(draft))
    ]
    assert acts[-1] == ("draft.approve", admin.id, {"version": 1, "edition": 3})
    assert acts[0][0] == "draft.ask"


def test_a_refusal_has_a_reason_and_is_in_the_trail(draft, asked, admin):
    writing(lambda session: reviewing.decline(session, asked, "Sumbernya belum ada.", by=admin.id))
    found = reviewing.latest(db.session(), draft.course_id)
    assert found is not None
    assert (found.state, found.reason) == ("declined", "Sumbernya belum ada.")
    assert entries_about(db.session(), _about(draft))[-1].act == "draft.decline"


def test_it_is_decided_once(draft, asked, admin):
    def approve(session):
        return reviewing.approve(session, asked, by=admin.id, edition=1)

    results = at_once(3, approve)
    assert sorted(type(result).__name__ for result in results) == [
        "NoneType",
        "ReviewDecided",
        "ReviewDecided",
    ]
    with pytest.raises(ReviewDecided):
        writing(lambda session: reviewing.decline(session, asked, "x", by=admin.id))
    assert reviewing.review(db.session(), asked).state == "approved"


def test_what_nobody_asked_is_not_decided(draft, admin):
    with pytest.raises(ReviewNotFound):
        writing(lambda session: reviewing.approve(session, 404, by=admin.id, edition=1))
    with pytest.raises(ReviewNotFound):
        reviewing.review(db.session(), 404)
    assert reviewing.latest(db.session(), draft.course_id) is None


def _about(draft) -> tuple[str, int]:
    return ("course", draft.course_id)
