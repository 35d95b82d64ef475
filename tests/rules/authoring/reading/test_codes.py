"""Every code is provoked by a small course, at its exact place, and gone once that is mended."""

import re

import pytest

from courses.authoring.codes import CODES, DIALECT
from tests.rules.authoring.reading.cases import CASES, Case
from tests.rules.authoring.reading.made import read, said

ELSEWHERE = {
    "symlink": "test_folder",
    "unreadable": "test_folder",
    "bad-slug": "below",
    "render-refused": "rendering",
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_problem_stands_where_it_is_and_goes_with_its_mend(case: Case):
    assert f"{case.place} {case.code}" in said(case.broken)
    assert case.code not in {problem.code for problem in read(case.mended).problems}


def test_a_sound_course_says_nothing():
    assert said() == []


def test_every_code_has_a_case():
    assert {case.code for case in CASES} | ELSEWHERE.keys() == CODES.keys()


def test_a_folder_name_that_can_be_no_address_is_an_error():
    assert said(slug="Kearsipan Dasar") == ["course.md:1:1 bad-slug"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_error_keeps_the_course_from_being_made_and_a_warning_does_not(case: Case):
    parsed = read(case.broken)
    assert (parsed.course is None) == any(problem.severity == "error" for problem in parsed.problems)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_sentence_is_one_line_with_its_facts_filled_in(case: Case):
    for problem in read(case.broken).problems:
        assert str(problem).isprintable(), problem
        assert not re.search(r"%[(%]", problem.sentence), problem


def test_codes_are_words_and_sentences_end():
    for code, known in CODES.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert known.message[-1] in ".)s", code
    assert all(sentence.endswith(".") for sentence in DIALECT.values())
