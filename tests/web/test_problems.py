"""What the checker says, it says on a page in the language of the reader."""

import pytest
from flask_babel import force_locale

from app.problems import said
from courses.authoring.codes import CODES
from courses.authoring.course import Place
from courses.authoring.problems import Problem, Severity


def problem(code: str, **facts: object) -> Problem:
    return Problem(Place("01-satu.md", 3, 1), Severity.ERROR, code, CODES[code].message, facts)


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", 'Kunci "titel" diberikan dua kali.'), ("en", 'The key "titel" is given twice.')],
)
def test_a_problem_is_said_in_the_language_of_the_page(app, language, words):
    with app.test_request_context(), force_locale(language):
        assert said(problem("key-twice", key="titel")) == words


def test_percent_signs_in_a_fact_stay_as_they_are(app):
    with app.test_request_context(), force_locale("id"):
        assert "100%(x)s" in said(problem("key-twice", key="100%(x)s"))


def test_a_sentence_without_facts_is_not_filled_in(app):
    with app.test_request_context(), force_locale("id"):
        assert said(problem("yaml-too-deep")).startswith("Daftar dan kunci")
