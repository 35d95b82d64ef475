"""A question in two halves: what is shown is the same whichever answers are right, and the key is exact."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.assessment.grading import grade
from courses.authoring.course import (
    Answers,
    Choice,
    NumberAnswers,
    NumberKey,
    Prose,
    Question,
    SeveralChoices,
    SingleChoice,
    TextAnswers,
    TextKey,
)
from courses.catalogue.questions import key, shown, type_of
from courses.database import canonical_json
from tests.rules.catalogue.drafts import (
    FEEDBACK,
    NUMBER_KEYS,
    QUESTION,
    SHARES,
    TEXT_KEYS,
    WRITTEN,
    rendered_question,
)


def with_other_key(draw: st.DrawFn, answers: Answers) -> Answers:
    """The same texts with everything else about them drawn anew."""
    if isinstance(answers, NumberAnswers):
        return NumberAnswers(tuple(draw(NUMBER_KEYS)))
    if isinstance(answers, TextAnswers):
        return TextAnswers(tuple(draw(TEXT_KEYS)))
    choices = tuple(
        Choice(choice.text, draw(st.booleans()), draw(st.one_of(st.none(), SHARES)), draw(FEEDBACK))
        for choice in answers.choices
    )
    return replace(answers, choices=choices)


@given(QUESTION, st.data())
def test_what_is_shown_has_the_same_bytes_whichever_answers_are_right(question, data):
    other = replace(
        question,
        answers=with_other_key(data.draw, question.answers),
        explanation=data.draw(FEEDBACK),
        points=question.points,
    )
    halves = [canonical_json(shown(one, rendered_question(one))) for one in (question, other)]
    assert halves[0] == halves[1]


@given(QUESTION)
def test_both_halves_are_plain_data_that_survive_their_columns(question):
    for half in (shown, key):
        data = half(question, rendered_question(question))
        assert json.loads(canonical_json(data)) == data


@given(QUESTION)
def test_what_is_shown_names_nothing_of_the_key(question):
    assert set(shown(question, rendered_question(question))) == {"heading", "body", "choices", "hint"}


@given(QUESTION)
def test_feedback_stands_beside_its_answer(question):
    answers = question.answers
    lines = answers.choices if isinstance(answers, SingleChoice | SeveralChoices) else answers.keys
    half = key(question, rendered_question(question))
    assert len(half["answers"]) == len(half["feedback"]) == len(lines)
    said = [line.feedback for line in lines]
    assert half["feedback"] == [None if prose is None else f"<i>{prose.text}</i>" for prose in said]


@given(WRITTEN)
def test_answers_to_write_in_are_not_choices(answers):
    question = Question("q", Prose("?"), answers)
    assert shown(question, rendered_question(question))["choices"] == []


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        (SingleChoice(()), "single"),
        (SeveralChoices(()), "several"),
        (NumberAnswers(()), "number"),
        (TextAnswers(()), "text"),
    ],
)
def test_each_shape_of_answers_has_its_type(answers, name):
    assert type_of(answers) == name


THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("answers", "answer", "share"),
    [
        (SingleChoice((Choice(Prose("a"), False, THIRD), Choice(Prose("b"), True))), {"chosen": [0]}, THIRD),
        (SingleChoice((Choice(Prose("a"), False), Choice(Prose("b"), True))), {"chosen": [1]}, 1),
        (SeveralChoices((Choice(Prose("a"), True, THIRD), Choice(Prose("b"), True))), {"chosen": [0]}, THIRD),
        (NumberAnswers((NumberKey(Decimal("0.1"), Decimal("0.3"), THIRD),)), {"text": "0,3"}, THIRD),
        (NumberAnswers((NumberKey(Decimal("1E+2"), Decimal("1E+2")),)), {"text": "100"}, 1),
        (TextAnswers((TextKey("Depo", THIRD),)), {"text": "depo"}, THIRD),
    ],
)
def test_the_grader_reads_the_key_as_the_author_wrote_it(answers, answer, share):
    question = Question("q", Prose("?"), answers)
    half = json.loads(canonical_json(key(question, rendered_question(question))))
    assert grade(type_of(answers), half, answer, "id").share == share
