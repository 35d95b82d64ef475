"""Publishing and reading editions: the same source changes nothing, another one takes nothing away."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.extensions import db
from courses.authoring.course import Module
from courses.catalogue import editions
from courses.catalogue.editions import (
    CourseNotFound,
    MediaNotFound,
    Memory,
    all_current,
    current_edition,
    edition,
    edition_and_page,
    media_type,
)
from courses.catalogue.models import CourseRow, Edition, Page, QuestionRow
from courses.catalogue.publishing import CourseHasProblems, Published, prepare, publish
from courses.database import begin_writing, violates
from courses.storage import LocalObjects
from tests.publishing import sample_course, with_files
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.editions import course, exam, lesson, practice, prepared, published, with_media

PICTURE = "a" * 64
ARSIP = with_media(
    course("arsip", Module("awal", "Awal", (lesson("satu"),)), practice("cek"), exam("ujian")), PICTURE
)
CHANGED = replace(ARSIP, title="Arsip, lebih baik")


def current(slug: str = "arsip") -> editions.EditionView:
    with Session(db.engine) as session:
        return current_edition(session, slug)


def test_a_published_course_is_read_as_it_was_written(app):
    view = published(ARSIP)
    assert view == current()
    assert (view.slug, view.number, view.description_html) == ("arsip", 1, "<p>Isi</p>")
    assert [step.id for step in view.outline.steps] == ["satu", "cek", "ujian"]


def test_the_same_source_again_is_no_new_edition(app):
    first = writing(lambda session: publish(session, prepared(ARSIP)))
    again = writing(lambda session: publish(session, prepared(ARSIP)))
    assert (first.fresh, again.fresh) == (True, False)
    assert (again.edition_id, again.number) == (first.edition_id, 1)


def test_another_source_is_the_next_edition_and_the_earlier_one_stays_as_it_was(app):
    first = published(ARSIP)
    second = published(CHANGED)
    assert (second.number, current().id) == (2, second.id)
    editions.forget()
    with Session(db.engine) as session:
        assert edition(session, first.id) == first
        assert edition(session, first.id).outline.title == "Arsip"


def test_every_course_counts_its_own_editions(app):
    published(ARSIP)
    published(CHANGED)
    other = course("lain", lesson("satu"))
    assert [published(what).number for what in (other, replace(other, title="Lain lagi"))] == [1, 2]


def test_a_source_with_problems_is_not_prepared_and_nothing_of_it_is_stored(tmp_path):
    wrong = with_files(sample_course(), {"01-awal/01-arsip.md": "---\ntitel: Salah\n---\n"})
    with pytest.raises(CourseHasProblems) as refusal:
        prepare(wrong, LocalObjects(tmp_path / "objects"))
    assert {problem.place.path for problem in refusal.value.problems} >= {"01-awal/01-arsip.md"}
    assert list(tmp_path.iterdir()) == []


def test_going_back_to_an_earlier_source_is_a_new_edition_too(app):
    published(ARSIP)
    published(CHANGED)
    back = published(ARSIP)
    assert (back.number, back.outline.title) == (3, "Arsip")


def test_the_public_name_of_an_edition_is_random_and_not_its_digest(app):
    first, second = published(ARSIP), published(CHANGED)
    assert first.token != second.token
    with Session(db.engine) as session:
        digests = session.scalars(select(Edition.digest)).all()
    assert not {first.token, second.token} & set(digests)


def test_pages_hold_lessons_and_introductions_of_quizzes(app):
    view = published(ARSIP)
    with Session(db.engine) as session:
        found = {step.id: edition_and_page(session, view.id, step.id)[1] for step in view.outline.steps}
    assert {step: page and page.html for step, page in found.items()} == {
        "satu": "<p>satu</p>",
        "cek": "<p>cek</p>",
        "ujian": "<p>ujian</p>",
    }
    assert found["satu"] is not None
    assert found["satu"].headings == (("awal", "Awal", 2),)


@pytest.mark.parametrize("step", ["hilang", "", "awal", "bank/arsip"])
def test_a_step_that_is_not_there_has_no_page_warm_or_cold(app, step):
    view = published(ARSIP)
    for forget in (editions.forget, lambda: None):
        forget()
        with Session(db.engine) as session:
            assert edition_and_page(session, view.id, step) == (view, None)


def test_pages_of_two_editions_are_not_mixed_up_in_memory(app):
    first = published(ARSIP)
    second = published(replace(ARSIP, parts=(lesson("dua"),)))
    with Session(db.engine) as session:
        for _ in range(2):
            assert edition_and_page(session, first.id, "dua")[1] is None
            assert edition_and_page(session, second.id, "satu")[1] is None
            assert edition_and_page(session, second.id, "dua")[1] is not None


@pytest.mark.parametrize("slug", ["", "hilang", "Arsip", "%", "arsip ", "a" * 1000])
def test_a_course_that_is_not_there_is_refused(app, slug):
    published(ARSIP)
    with pytest.raises(CourseNotFound):
        current(slug)


def test_the_catalogue_lists_current_editions_by_title(app):
    for slug, title in (("c", "Ceria"), ("a", "Arsip"), ("b", "Belajar")):
        published(course(slug, lesson("satu"), title=title))
    published(course("c", lesson("satu"), title="Aman"))
    with Session(db.engine) as session:
        assert [view.outline.title for view in all_current(session)] == ["Aman", "Arsip", "Belajar"]


def test_media_is_found_by_the_hash_of_its_content_only(session):
    published(ARSIP)
    assert media_type(session, PICTURE) == "image/svg+xml"
    for wrong in ("", PICTURE[:-1], "b" * 64, "media/0.svg"):
        with pytest.raises(MediaNotFound):
            media_type(session, wrong)


def test_questions_stand_in_two_halves_and_in_order(session):
    view = published(ARSIP)
    rows = session.scalars(
        select(QuestionRow)
        .where(QuestionRow.edition_id == view.id, QuestionRow.holder == "ujian")
        .order_by(QuestionRow.position)
    ).all()
    assert [row.question_id for row in rows] == ["asli", "pemicu", "tahun"]
    assert [answer["right"] for answer in rows[0].key["answers"]] == [False, True]
    assert "right" not in str(rows[0].shown)


def test_eight_who_publish_the_same_first_edition_at_once_make_one(app):
    ready = prepared(ARSIP)
    outcomes = at_once(8, lambda session: publish(session, ready))
    assert [outcome for outcome in outcomes if not isinstance(outcome, Published)] == []
    assert sum(outcome.fresh for outcome in outcomes if isinstance(outcome, Published)) == 1
    with Session(db.engine) as session:
        assert session.scalar(select(func.count()).select_from(CourseRow)) == 1
        assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_two_who_publish_different_editions_at_once_make_two_one_after_the_other(app):
    published(ARSIP)
    one, other = prepared(CHANGED), prepared(replace(ARSIP, title="Arsip ketiga"))
    outcome = second_while_first_is_open(
        lambda session: publish(session, one), lambda session: publish(session, other)
    )
    assert isinstance(outcome, Published)
    assert outcome.number == 3
    assert current().outline.title == "Arsip ketiga"


def test_the_database_itself_keeps_a_course_from_having_two_current_editions(session):
    published(ARSIP)
    published(CHANGED)
    begin_writing(session)
    with pytest.raises(IntegrityError) as refused:
        session.execute(update(Edition).values(is_current=True))
    assert violates(refused.value, "uq_edition_current", "edition.course_id")


def test_a_publication_that_is_rolled_back_leaves_nothing(session):
    published(ARSIP)
    outcome = second_while_first_is_open(
        lambda session: publish(session, prepared(CHANGED)), lambda session: None, commits=False
    )
    assert outcome is None
    assert current().number == 1
    assert session.scalar(select(func.count()).select_from(Page)) == 3


class TestMemory:
    def test_it_is_bounded_and_the_oldest_goes_first(self):
        memory: Memory[int] = Memory(2)
        for key in ("a", "b", "c"):
            memory.get(key, lambda key=key: ord(key))  # type: ignore[misc]
        assert [memory.peek(key) for key in ("a", "b", "c")] == [None, ord("b"), ord("c")]

    def test_what_is_kept_is_not_made_again(self):
        memory: Memory[list[int]] = Memory(2)
        made = memory.get("a", lambda: [1])
        assert memory.get("a", lambda: [2]) is made

    def test_what_cannot_be_made_is_not_kept(self):
        memory: Memory[int] = Memory(2)
        with pytest.raises(ZeroDivisionError):
            memory.get("a", lambda: 1 // 0)
        assert memory.get("a", lambda: 1) == 1

    def test_cleared_it_holds_nothing(self):
        memory: Memory[int] = Memory(2)
        memory.get("a", lambda: 1)
        memory.clear()
        assert memory.peek("a") is None
