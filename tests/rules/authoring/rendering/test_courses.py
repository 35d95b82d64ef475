"""A course becomes a rendered course of the same shape, or a problem at the place of each refused text."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from courses.authoring import parse, read_folder, render
from courses.authoring.course import (
    Choice,
    NumberAnswers,
    NumberKey,
    Prose,
    SeveralChoices,
    TextAnswers,
    TextKey,
)
from courses.authoring.limits import LONGEST
from courses.authoring.problems import Severity
from courses.authoring.reading_time import headings_of, minutes_of, words_of
from courses.authoring.rendered import Heading
from tests.rules.authoring.rendering.judge import complaints
from tests.rules.authoring.rendering.texts import (
    SHA,
    all_html,
    course,
    lesson,
    prose,
    question,
    quiz,
    rendered_course,
)

ROOT = Path(__file__).parents[4]
SAMPLES = [ROOT / "tests/courses/contoh", *sorted((ROOT / "content/courses").glob("*"))]


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_whole_courses_are_rendered(folder):
    source = read_folder(folder)
    parsed = parse(source).course
    assert parsed
    made = rendered_course(parsed, source)
    assert made.description_html
    assert {*made.lessons, *made.quizzes} == {step.id for step in parsed.steps}
    assert set(made.banks) == {bank.id for bank in parsed.banks}
    for html in all_html(made):
        assert complaints(html) == []
    assert all(heading.text for page in made.lessons.values() for heading in page.headings)


def test_every_text_has_its_place_in_the_rendered_course():
    asked = question(
        "pertama",
        "Mana yang *benar*?",
        choices=("Yang ini", "Bukan\n\n- ini"),
        feedback="Sebab `itu`.",
        body=prose("Isi."),
        hint=prose("Ingat."),
        explanation=prose("Karena."),
    )
    made, source = course(
        lesson("satu", "Isi **tebal**."),
        quiz("kuis", asked, intro=prose("Mulai.")),
        banks=(quiz("bank/a", question("kedua"), path="bank/a.quiz.md"),),
        description=prose("Tentang.", "course.md"),
        intro=prose("Pembuka.", "01-awal/module.md"),
    )
    rendered = rendered_course(made, source)
    assert rendered.description_html == "<p>Tentang.</p>"
    assert rendered.modules == {"awal": "<p>Pembuka.</p>"}
    assert rendered.lessons["satu"].html == "<p>Isi <strong>tebal</strong>.</p>"
    assert rendered.quizzes["kuis"].intro_html == "<p>Mulai.</p>"
    first = rendered.quizzes["kuis"].questions["pertama"]
    assert first.heading_html == "Mana yang <em>benar</em>?"
    assert first.body_html == "<p>Isi.</p>"
    assert first.hint_html == "<p>Ingat.</p>"
    assert first.explanation_html == "<p>Karena.</p>"
    assert [choice.html for choice in first.choices] == [
        "Yang ini",
        "<p>Bukan</p>\n<ul>\n<li>ini</li>\n</ul>",
    ]
    assert first.choices[1].feedback_html == "<p>Sebab <code>itu</code>.</p>"
    second = rendered.banks["bank/a"].questions["kedua"]
    assert (second.body_html, second.hint_html, second.explanation_html) == ("", None, None)


@pytest.mark.parametrize(
    "answers",
    [
        NumberAnswers(
            (NumberKey(Decimal(6), Decimal(8)), NumberKey(Decimal(1), Decimal(1), feedback=prose("Dekat.")))
        ),
        TextAnswers((TextKey("satu"), TextKey("dua", feedback=prose("Dekat.")))),
    ],
)
def test_answer_lines_have_feedback_and_never_a_word_of_the_key(answers):
    made, source = course(quiz("kuis", replace(question("q"), answers=answers)))
    choices = rendered_course(made, source).quizzes["kuis"].questions["q"].choices
    assert [(choice.html, choice.feedback_html) for choice in choices] == [("", None), ("", "<p>Dekat.</p>")]


def test_nothing_rendered_says_which_choice_is_right():
    def rendered(right):
        choices = tuple(Choice(prose(text), right=text == right) for text in ("A", "B"))
        made, source = course(quiz("kuis", replace(question("q"), answers=SeveralChoices(choices))))
        return rendered_course(made, source)

    assert rendered("A") == rendered("B")


def test_links_and_pictures_of_a_course_point_into_this_site():
    links = "[dua](02-dua.md#x) [kuis](09-kuis.quiz.md) [bank](../bank/a.quiz.md)"
    text = f'{links}\n\n![Loket](../media/loket.png "Loket")'
    made, source = course(
        lesson("satu", text),
        lesson("dua", "# x", path="01-awal/02-dua.md"),
        quiz("kuis", question("q", body=prose(text))),
        banks=(quiz("bank/a", question("r"), path="bank/a.quiz.md"),),
    )
    rendered = rendered_course(made, source)
    for html in (rendered.lessons["satu"].html, rendered.quizzes["kuis"].questions["q"].body_html):
        assert '<a href="/learn/contoh/dua#user-content-x">dua</a>' in html
        assert '<a href="/learn/contoh/quiz/kuis">kuis</a>' in html
        assert f'height="480" loading="lazy" src="/media/{SHA}/loket.png" width="640"' in html
    assert "/learn/contoh/bank" not in rendered.lessons["satu"].html  # a bank is no page


def test_every_refused_text_is_a_problem_at_its_place_and_the_others_are_still_tried():
    made, source = course(
        lesson("satu", "[" * 9_000),
        lesson("dua", "baik", path="01-awal/02-dua.md"),
        quiz(
            "kuis", replace(question("q", choices=("baik", "> " * 90 + "x")), body=Prose("a" * (LONGEST + 1)))
        ),
        intro=prose("[" * 9_000, "01-awal/module.md", 4),
    )
    rendering = render(made, source)
    assert rendering.course is None
    assert {problem.code for problem in rendering.problems} == {"render-refused"}
    assert {problem.severity for problem in rendering.problems} == {Severity.ERROR}
    places = [(problem.place.path, problem.place.line) for problem in rendering.problems]
    assert sorted(places) == [
        ("", 1),
        ("01-awal/01-satu.md", 1),
        ("01-awal/01-satu.md", 1),
        ("01-awal/module.md", 4),
    ]
    assert len({problem.message for problem in rendering.problems}) == 3
    for problem in rendering.problems:
        assert "%" not in problem.sentence


def test_headings_for_the_table_of_contents():
    html = rendered_course(*course(lesson("satu", "# A & `b`\n\n## C[^1]\n\n### D\n\n[^1]: e"))).lessons[
        "satu"
    ]
    assert html.headings == (
        Heading("user-content-a-b", "A & b", 2),
        Heading("user-content-c1", "C", 3),
    )


def test_minutes_are_said_or_estimated_and_at_least_one():
    words = "kata " * 400
    assert words_of(f"<p>{words}</p><pre><code>x y z</code></pre>") == 400
    assert minutes_of(f"<p>{words}</p>") == 3
    assert minutes_of(f"<p>{words}</p>" + "<img >" * 5 + "<pre>" + "a\n" * 40 + "</pre>") == 6
    assert minutes_of("") == 1
    assert headings_of("<h2>tanpa id</h2>") == ()
    made, source = course(lesson("satu", words), lesson("dua", words, path="01-awal/02-dua.md", minutes=12))
    rendered = rendered_course(made, source).lessons
    assert (rendered["satu"].words, rendered["satu"].minutes, rendered["dua"].minutes) == (400, 3, 12)


@pytest.mark.parametrize(
    ("more", "minutes"),
    [
        ({}, 2),
        ({"minutes": 9, "time": timedelta(minutes=15)}, 9),
        ({"time": timedelta(seconds=61)}, 2),
        ({"sources": ("bank/a",)}, 2 + 3),
        ({"sources": ("bank/a",), "draw": 1}, 2 + 1),
    ],
)
def test_a_quiz_takes_its_time_limit_or_a_minute_a_question(more, minutes):
    bank = quiz("bank/a", question("x"), question("y"), question("z"), path="bank/a.quiz.md")
    made, source = course(quiz("kuis", question("a"), question("b"), **more), banks=(bank,))
    rendered = rendered_course(made, source)
    assert rendered.quizzes["kuis"].minutes == minutes
    assert rendered.banks["bank/a"].minutes == 3


def test_the_same_course_is_rendered_the_same():
    made, source = course(lesson("satu", "a[^1]\n\n[^1]: b\n\n# c"), quiz("kuis", question("q")))
    assert render(made, source) == render(made, source)
