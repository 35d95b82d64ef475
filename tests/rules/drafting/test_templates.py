"""What a new course begins with can be published as it is, and so can what is added to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring import Source, parse, render
from courses.authoring.course import Lesson, Quiz
from courses.drafting.templates import KINDS, new_course, new_file, title_of


def test_a_new_course_has_two_lessons_a_quiz_and_no_problem():
    source = Source("baru", new_course("Melayani: sehari-hari"))
    parsed = parse(source)
    assert parsed.problems == ()
    assert parsed.course is not None
    assert parsed.course.title == "Melayani: sehari-hari"
    first, second, quiz = parsed.course.steps
    assert isinstance(first, Lesson)
    assert isinstance(second, Lesson)
    assert isinstance(quiz, Quiz)
    assert quiz.graded
    assert render(parsed.course, source).problems == ()


PATHS = ("01-a.md", "01-a.quiz.md", "bank/a.quiz.md", "02-a/module.md")


@pytest.mark.parametrize(("kind", "path"), list(zip(KINDS, PATHS, strict=True)))
def test_a_new_file_is_no_error(kind, path):
    files = new_course("Baru") | {path: new_file(kind, 'Pagi: "ini"')}
    errors = [problem for problem in parse(Source("baru", files)).problems if problem.severity == "error"]
    assert errors == []


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=200))
def test_any_title_reads_back(title):
    assert title_of(new_course(title)["course.md"]) == " ".join(title.split())


@pytest.mark.parametrize("content", [b"", b"\xff", b"---\ntitle: [a]\n---\n", b"---\ntitle: 'x\n---\n", b"x"])
def test_a_title_that_cannot_be_read_is_empty(content):
    assert title_of(content) == ""
