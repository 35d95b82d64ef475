"""What files are, told by their names: numbers order, names identify."""

import hashlib

import pytest

from courses.authoring.course import Lesson, Module, Quiz
from tests.rules.authoring.reading.made import LESSON, lesson_text, quiz_text, read, said

SHORT = lesson_text(keys="minutes: 4\n")


def test_numbers_order_and_names_identify():
    parsed = read(
        {
            "10-akhir.quiz.md": quiz_text(),
            "9-tengah/02-dua.md": LESSON,
            "9-tengah/1-satu.md": LESSON,
            "9-tengah/module.md": "---\ntitle: Tengah\nid: pusat\n---\nPengantar.\n",
        }
    )
    assert parsed.course, parsed.problems
    assert [(type(part), part.id) for part in parsed.course.parts] == [
        (Lesson, "asal"),
        (Module, "pusat"),
        (Quiz, "akhir"),
    ]
    assert [step.id for step in parsed.course.steps] == ["asal", "satu", "dua", "akhir"]
    module = parsed.course.parts[1]
    assert isinstance(module, Module)
    assert (module.title, module.intro.text) == ("Tengah", "Pengantar.")


def test_a_module_without_a_file_is_named_by_its_folder():
    parsed = read({"02-mengapa-nilai/01-satu.md": LESSON})
    assert parsed.course
    assert parsed.course.parts[1].title == "Mengapa nilai"


def test_renumbering_changes_no_id():
    before = read({"02-b.md": lesson_text("[asal](01-asal.md)\n")}).course
    after = read(
        {"01-asal.md": None, "05-asal.md": LESSON, "07-b.md": lesson_text("[asal](05-asal.md)\n")}
    ).course
    assert before
    assert after
    assert [step.id for step in before.steps] == [step.id for step in after.steps]


def test_an_id_that_is_said_outlives_a_new_name():
    parsed = read({"01-asal.md": None, "01-baru.md": lesson_text(keys="minutes: 40\nid: asal\n")})
    assert parsed.course
    assert parsed.course.steps[0].id == "asal"


def test_a_lesson_may_be_called_like_its_module():
    assert said({"02-melayani/01-melayani.md": SHORT}) == []


@pytest.mark.parametrize("path", ["README.md", "LICENSE", "CHANGELOG.md", "02-b/README.md", "media/a.vtt"])
def test_files_about_the_folder_are_silent(path):
    assert said({path: "WEBVTT\n", "02-b/01-c.md": SHORT}) == []


def test_media_are_listed_with_what_they_are():
    parsed = read({"media/a.vtt": "WEBVTT\n"})
    assert parsed.course
    (media,) = parsed.course.media
    assert (media.path, media.type, media.size) == ("media/a.vtt", "text/vtt", 7)
    assert media.sha256 == hashlib.sha256(b"WEBVTT\n").hexdigest()
