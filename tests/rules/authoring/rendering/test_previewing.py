"""A preview of one file: what learners will see, whatever is wrong elsewhere."""

import pytest

from courses.authoring import parse, render
from courses.authoring.previewing import preview
from tests.publishing import sample_course, with_files

LESSON = "01-awal/01-arsip.md"
QUIZ = "01-awal/03-cek.quiz.md"
BROKEN = {"course.md": "---\ntitle: [\n---\n", "02-lanjut/01-susut.md": "x"}


@pytest.mark.parametrize("files", [{}, BROKEN], ids=["sound", "broken elsewhere"])
def test_a_lesson_looks_as_it_will(files):
    source = sample_course()
    course = parse(source).course
    assert course is not None
    whole = render(course, source).course
    assert whole is not None
    found = preview(with_files(source, files), LESSON)
    assert found.file is not None
    assert found.file.html == whole.lessons["arsip"].html
    assert found.problems == ()
    assert bool(found.elsewhere) == bool(files)


def test_a_quiz_shows_its_questions_as_they_will_look():
    found = preview(sample_course(), QUIZ)
    assert found.file is not None
    assert found.file.part is not None
    part = found.file.part
    assert [question.id for question in part.quiz.questions] == list(part.rendered.questions)
    assert part.quiz.questions


@pytest.mark.parametrize("path", ["course.md", "01-awal/module.md", "bank/arsip.quiz.md"])
def test_every_other_file_has_a_preview_too(path):
    assert preview(sample_course(), path).file is not None


def test_problems_stand_at_their_lines():
    source = with_files(
        sample_course(), {LESSON: "---\ntitle: x\nwarna: biru\n---\n\n![](../media/rak.svg)\n"}
    )
    found = preview(source, LESSON)
    assert [(problem.code, problem.place.line) for problem in found.problems] == [
        ("unknown-key", 3),
        ("alt-missing", 6),
    ]


@pytest.mark.parametrize("path", ["media/rak.svg", "tidak-ada.md", LESSON])
def test_what_cannot_be_read_has_none(path):
    assert preview(with_files(sample_course(), {LESSON: "---\ntitle: [\n---\n"}), path).file is None


def test_a_text_that_cannot_be_rendered_is_a_problem():
    source = with_files(sample_course(), {LESSON: "---\ntitle: x\n---\n\n" + "> " * 60 + "x\n"})
    assert {problem.code for problem in preview(source, LESSON).problems} & {
        "nesting-too-deep",
        "render-refused",
    }
