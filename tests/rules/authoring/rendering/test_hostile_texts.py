"""No script runs and no foreign request leaves, whatever an author writes, wherever it stands."""

import pytest

from courses.authoring import child
from courses.authoring.cleaning import clean
from courses.authoring.markdown import Converter
from courses.authoring.pieces import Piece
from tests.rules.authoring.rendering.judge import complaints
from tests.rules.authoring.rendering.texts import (
    ALL_OF,
    FULL,
    HOSTILE,
    TENTH_OF,
    all_html,
    course,
    everywhere,
    rendered_course,
    strings,
)


@pytest.mark.timeout(900 if FULL else 120)
@pytest.mark.parametrize("name", [*ALL_OF, *TENTH_OF])
def test_no_string_of_a_corpus_gets_through_at_any_place(name):
    judged(everywhere(strings(name)))


def test_none_of_our_own_gets_through_at_any_place():
    judged(everywhere(HOSTILE))


def test_a_hostile_title_of_a_lesson_or_course_is_not_rendered_at_all():
    made, source = course(title="<script>alert(1)</script>", summary="<script>")
    assert "script" not in "".join(all_html(rendered_course(made, source)))


@pytest.mark.parametrize("text", HOSTILE)
def test_cleaning_a_hostile_text_as_it_is_leaves_nothing_to_complain_of(text):
    cleaned = clean(text)
    assert complaints(cleaned) == []
    assert clean(cleaned) == cleaned


def test_without_the_cleaner_the_judge_finds_plenty(monkeypatch):
    monkeypatch.setattr(child, "clean", lambda html: html)
    converter = Converter()
    caught = [text for text in HOSTILE if complaints(child.answered(converter, Piece(text)).html)]
    assert len(caught) > len(HOSTILE) // 2


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick='x'>a</p>",
        "<p style='x'>a</p>",
        "<a href='javascript:x'>a</a>",
        "<a href='JaVaScript:x'>a</a>",
        "<a href='//evil.example'>a</a>",
        "<img src='https://evil.example/a.png'>",
        "<img src='data:image/png;base64,x'>",
        "<h2 id='menu'>a</h2>",
        "<a name='x'>a</a>",
        "<iframe></iframe>",
        "<input>",
        "<!-- x -->",
        "<svg></svg>",
        "a\x00",
    ],
)
def test_the_judge_sees(html):
    assert complaints(html)


def judged(made_and_source):
    for html in all_html(rendered_course(*made_and_source)):
        assert complaints(html) == [], html
        assert clean(html) == html
