"""Drafts: every save is a version, two savers lose nothing, and a draft is for its instructors and admins."""

import pytest

from app.extensions import db
from app.services import services
from courses.catalogue.beginning import SlugTaken, course_lines, edition_source, take_slug
from courses.catalogue.editions import CourseNotFound
from courses.drafting import drafts, history
from courses.drafting.drafts import (
    Beginning,
    Change,
    DraftExists,
    DraftMoved,
    DraftNotFound,
    FileNotInDraft,
    Save,
    TooManyFiles,
)
from courses.drafting.editing import Disagreement, MarksLeft, NoText
from courses.drafting.models import Draft, DraftVersion
from tests.publishing import sample_course
from tests.services.crowd import at_once, writing
from tests.services.drafting.writers import FILES, admin_of, begun, held, instructor_of, sent, text_of
from tests.web.hostile import changed, tables


@pytest.fixture
def draft(instructor):
    return begun(instructor)


def test_a_draft_begins_with_a_version_that_holds_everything(draft, instructor):
    assert (draft.number, draft.title, draft.edition) == (1, "Arsip", 0)
    assert set(draft.manifest) == set(FILES)
    (first,) = history.versions(db.session(), draft.course_id)
    assert (first.act, first.by, first.files) == ("begun", instructor.name, 2)


def test_an_address_is_taken_once(draft, app):
    with pytest.raises(SlugTaken):
        writing(lambda session: take_slug(session, "arsip"))
    again = Beginning(draft.course_id, "arsip", "x", {})
    with pytest.raises(DraftExists):
        writing(lambda session: drafts.begin(session, again, "begun", by=1))


def test_of_several_who_take_an_address_at_once_one_gets_it(app):
    results = at_once(4, lambda session: take_slug(session, "arsip"))
    assert sum(isinstance(result, SlugTaken) for result in results) == 3
    assert sum(isinstance(result, int) for result in results) == 1


def test_a_draft_is_for_admins_and_for_instructors_of_the_course(draft, instructor, admin):
    other = begun(instructor, "lain")
    reached = drafts.reached(db.session(), instructor_of(instructor, draft.course_id), "arsip")
    assert reached.course_id == draft.course_id
    assert drafts.reached(db.session(), admin_of(admin), "lain").course_id == other.course_id
    for slug in ("lain", "tidak-ada"):
        with pytest.raises(DraftNotFound):
            drafts.reached(db.session(), instructor_of(instructor, draft.course_id), slug)
    assert [
        one.slug for one in drafts.drafts_of(db.session(), instructor_of(instructor, other.course_id))
    ] == ["lain"]
    assert drafts.drafts_of(db.session(), instructor_of(instructor)) == []
    assert len(drafts.drafts_of(db.session(), admin_of(admin))) == 2


def test_a_save_is_a_version_and_the_same_again_is_none(draft, instructor):
    base = draft.object_of("01-a.md")
    assert sent(instructor, draft, "01-a.md", base, "lain\r\nsama sekali\r\n") == 2
    assert text_of(held(), "01-a.md") == "lain\nsama sekali\n"
    assert sent(instructor, held(), "01-a.md", held().object_of("01-a.md"), "lain\nsama sekali\n") == 2


def test_two_who_change_other_places_get_both(draft, instructor, admin):
    base = draft.object_of("01-a.md")
    sent(admin, draft, "01-a.md", base, "SATU\ndua\ntiga\nempat\nlima\n")
    sent(instructor, held(), "01-a.md", base, "satu\ndua\ntiga\nempat\nLIMA\n")
    assert text_of(held(), "01-a.md") == "SATU\ndua\ntiga\nempat\nLIMA\n"
    assert history.version(db.session(), draft.course_id, 3).act == "merged"


def test_two_who_change_one_place_are_shown_both_and_nothing_is_written(draft, instructor, admin):
    base = draft.object_of("01-a.md")
    sent(admin, draft, "01-a.md", base, "satu\ndua\nTIGA\nempat\nlima\n")
    before = tables()
    with pytest.raises(Disagreement) as told:
        sent(instructor, held(), "01-a.md", base, "satu\ndua\n3\nempat\nlima\n")
    assert changed(before) == set()
    assert (told.value.mine, told.value.theirs) == (
        "satu\ndua\n3\nempat\nlima\n",
        "satu\ndua\nTIGA\nempat\nlima\n",
    )
    assert "3\n=======\nTIGA" in told.value.merged.text
    assert told.value.base == held().object_of("01-a.md")
    with pytest.raises(MarksLeft):
        sent(instructor, held(), "01-a.md", told.value.base, told.value.merged.text)
    sent(instructor, held(), "01-a.md", told.value.base, "satu\ndua\nTIGA (3)\nempat\nlima\n")
    assert text_of(held(), "01-a.md") == "satu\ndua\nTIGA (3)\nempat\nlima\n"


def test_who_was_second_by_a_moment_is_told_and_writes_over_nothing(draft, instructor, admin):
    """Both read the draft before either wrote: the transaction looks again."""
    base = draft.object_of("01-a.md")
    sent(admin, draft, "01-a.md", base, "dari admin\n")
    with pytest.raises(DraftMoved) as told:
        sent(instructor, draft, "01-a.md", base, "dari pengajar\n")
    assert told.value.facts["paths"] == ["01-a.md"]
    assert text_of(held(), "01-a.md") == "dari admin\n"


def test_of_many_savers_at_once_each_is_a_version_or_told(draft, instructor):
    names, seen = iter("abcdef"), draft.object_of("01-a.md")

    def act(session):
        change = Change("01-a.md", next(names) * 64, seen)
        return drafts.save(session, draft.course_id, Save([change], "saved", instructor.id))

    results = at_once(6, act)
    assert sum(isinstance(result, DraftMoved) for result in results) == 5
    assert held().number == 2


def test_a_file_that_went_away_while_it_was_edited_is_shown_and_can_come_back(draft, instructor, admin):
    base = draft.object_of("01-a.md")
    gone = Save([Change("01-a.md", None, base)], "removed", admin.id)
    writing(lambda session: drafts.save(session, draft.course_id, gone))
    with pytest.raises(FileNotInDraft):
        held().object_of("01-a.md")
    with pytest.raises(Disagreement) as told:
        sent(instructor, held(), "01-a.md", base, "kerja saya\n")
    assert (told.value.theirs, told.value.base, told.value.mine) == (None, "", "kerja saya\n")
    sent(instructor, held(), "01-a.md", "", "kerja saya\n")
    assert text_of(held(), "01-a.md") == "kerja saya\n"


def test_a_base_that_was_never_this_files_is_no_base(draft, instructor):
    """Nobody reads an object of another course by naming its hash."""
    secret = services().objects.put(b"kunci jawaban kursus lain\n")
    sent(instructor, draft, "01-a.md", draft.object_of("01-a.md"), "x\n")
    with pytest.raises(Disagreement) as told:
        sent(instructor, held(), "01-a.md", secret, "y\n")
    assert "kunci" not in told.value.merged.text


def test_a_picture_is_not_edited_as_a_text(instructor):
    draft = begun(instructor, files={"media/x.png": b"\x89PNG\xff"})
    with pytest.raises(NoText):
        sent(instructor, draft, "media/x.png", draft.object_of("media/x.png"), "x")


def test_untouched_files_keep_their_bytes(instructor):
    files = {"course.md": b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n", "01-a.md": b"a\rb\r\nc\n"}
    draft = begun(instructor, files=files)
    for path, content in files.items():
        text = content.removeprefix(b"\xef\xbb\xbf").decode().replace("\r\n", "\n").replace("\r", "\n")
        assert sent(instructor, held(), path, draft.object_of(path), text.replace("\n", "\r\n")) == 1
    assert drafts.source_of("arsip", held().manifest, services().objects).files == files


def test_every_version_can_be_looked_at_and_restored(draft, instructor):
    texts = ["satu\n", "dua\n", "tiga\n"]
    for text in texts:
        sent(instructor, held(), "01-a.md", held().object_of("01-a.md"), text)
    gone = Save([Change("course.md", None, held().object_of("course.md"))], "removed", instructor.id)
    writing(lambda session: drafts.save(session, draft.course_id, gone))
    session = db.session()
    assert [one.number for one in history.versions(session, draft.course_id)] == [5, 4, 3, 2, 1]
    assert [one.number for one in history.versions(session, draft.course_id, path="course.md")] == [5, 1]
    for number, text in enumerate(texts, start=2):
        then = history.manifest_at(session, draft.course_id, number)
        assert set(then) == set(FILES)
        assert services().objects.get(then["01-a.md"]) == text.encode()
    (change,) = history.changes(session, draft.course_id, 3)
    assert change.seen == services().objects.put(b"satu\n")
    back = drafts.differences(held().manifest, history.manifest_at(session, draft.course_id, 1))
    writing(lambda other: drafts.save(other, draft.course_id, Save(back, "restored", instructor.id)))
    assert held().manifest == draft.manifest
    assert history.manifest_at(session, draft.course_id, 6) == draft.manifest
    with pytest.raises(history.VersionNotFound):
        history.version(session, draft.course_id, 7)


def test_a_draft_holds_no_more_files_than_a_course(draft, instructor, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_FILES", 2)
    with pytest.raises(TooManyFiles):
        sent(instructor, draft, "02-b.md", "", "x")
    assert db.session.query(DraftVersion).count() == 1


@pytest.mark.parametrize(("title", "shown"), [("Arsip pagi", "Arsip pagi"), ("", "arsip")])
def test_a_title_goes_with_its_course(draft, instructor, title, shown):
    change = Change("course.md", services().objects.put(b"x"), draft.object_of("course.md"))
    wanted = Save([change], "saved", instructor.id, title)
    writing(lambda session: drafts.save(session, draft.course_id, wanted))
    assert held().title == shown


def test_an_edition_knows_what_it_was_made_from(course, app):
    found = edition_source(db.session(), course)
    assert (found.number, set(found.manifest)) == (1, set(sample_course().files))
    made = drafts.source_of(course, found.manifest, services().objects)
    assert made == sample_course()
    with pytest.raises(CourseNotFound):
        edition_source(db.session(), "tidak-ada")
    db.session.rollback()


def test_courses_are_listed_by_title_with_or_without_an_edition(course, draft):
    lines = course_lines(db.session())
    assert [(line.slug, line.title, line.edition) for line in lines] == [
        ("arsip", "arsip", 0),
        ("contoh", "Pelatihan contoh: arsip harian", 1),
    ]
    assert [line.slug for line in course_lines(db.session(), {draft.course_id})] == ["arsip"]
    assert course_lines(db.session(), set()) == []


def test_what_is_published_is_noted(draft):
    writing(lambda session: drafts.note_published(session, draft.course_id, 1, 7))
    row = db.session.query(Draft).one()
    assert (row.published_number, row.edition) == (1, 7)
