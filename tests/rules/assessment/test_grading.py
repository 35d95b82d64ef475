"""What an answer earns: exact fractions, one rule for each type (docs/course-format.md, the answers)."""

from fractions import Fraction
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.assessment.grading import Grade, choice_weights, folded, grade, total, worth
from courses.assessment.reviewing import percent
from courses.assessment.taking import reaches
from tests.corpora import corpus

Choices = list[tuple[bool, str | None]]


def choice_key(*choices: tuple[bool, str | None]) -> dict[str, Any]:
    return {"answers": [{"right": right, "weight": weight} for right, weight in choices]}


def number_key(*lines: tuple[str, str, str]) -> dict[str, Any]:
    return {"answers": [{"low": low, "high": high, "credit": credit} for low, high, credit in lines]}


def text_key(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"answers": [{"text": text, "credit": credit} for text, credit in lines]}


def share(type_: str, key: dict[str, Any], answer: dict[str, Any], lang: str = "id") -> Fraction:
    return grade(type_, key, answer, lang).share


RIGHT, WRONG = (True, None), (False, None)


@pytest.mark.parametrize(
    ("chosen", "earns"),
    [([], 0), ([0], 0), ([1], 1), ([2], 0), ([0, 1], 0), ([1, 1], 1), ([3], 0), ([-1], 0)],
)
def test_one_choice_is_right_or_not(chosen, earns):
    assert share("single", choice_key(WRONG, RIGHT, WRONG), {"chosen": chosen}) == earns


@pytest.mark.parametrize(
    ("weight", "earns"), [(None, "0"), ("1/2", "1/2"), ("-1/4", "0"), ("2", "1"), ("0", "0")]
)
def test_a_wrong_choice_with_a_weight_earns_it_between_nothing_and_all(weight, earns):
    assert share("single", choice_key((False, weight), RIGHT), {"chosen": [0]}) == Fraction(earns)


@pytest.mark.parametrize("type_", ["single", "several", "number", "text"])
def test_no_answer_earns_nothing(type_):
    key = {
        "single": choice_key(RIGHT, WRONG),
        "several": choice_key(RIGHT, WRONG),
        "number": number_key(("0", "0", "1")),
        "text": text_key(("", "1"), ("ya", "1")),
    }[type_]
    nothings: tuple[dict[str, Any], ...] = ({}, {"chosen": []}, {"text": ""}, {"text": " \n"})
    for nothing in nothings:
        assert grade(type_, key, nothing, "id") == Grade(Fraction(0))


@pytest.mark.parametrize(
    ("chosen", "earns"),
    [
        ([], 0),
        ([0], 0),
        ([2], 0),
        ([0, 2], 1),
        ([2, 0], 1),
        ([0, 1, 2], 0),
        ([0, 1], 0),
        ([1], 0),
        ([0, 2, 2], 1),
    ],
)
def test_several_without_weights_are_all_or_nothing(chosen, earns):
    assert share("several", choice_key(RIGHT, WRONG, RIGHT), {"chosen": chosen}) == earns


@pytest.mark.parametrize(
    ("choices", "weights"),
    [
        ([RIGHT, (True, "1/2"), WRONG], ["1/2", "1/2", "-1"]),
        ([RIGHT, RIGHT, (True, "1/2")], ["1/4", "1/4", "1/2"]),  # bare right ones share what is left
        ([(True, "1"), WRONG, WRONG], ["1", "-1/2", "-1/2"]),  # a bare wrong one costs 100% by the wrong ones
        ([(True, "1"), WRONG, (False, "-1/4")], ["1", "-1/2", "-1/4"]),  # all wrong ones count, weighted too
        ([RIGHT, RIGHT, RIGHT, (False, "-1/3")], ["1/3", "1/3", "1/3", "-1/3"]),
        ([RIGHT, (False, "0")], ["1", "0"]),
    ],
)
def test_weights_are_said_or_shared(choices, weights):
    said = choice_weights(choice_key(*choices)["answers"])
    assert said == [Fraction(weight) for weight in weights]


@pytest.mark.parametrize(
    ("chosen", "earns"),
    [
        ([0, 2], "1"),
        ([0], "1/2"),
        ([2], "1/2"),
        ([0, 1], "1/4"),
        ([0, 1, 2], "3/4"),
        ([1], "0"),
        ([1, 3], "0"),
        ([0, 2, 3], "1/2"),
        ([0, 1, 2, 3], "1/4"),
        ([], "0"),
    ],
)
def test_weighted_several_add_up_and_stay_between_nothing_and_all(chosen, earns):
    key = choice_key(RIGHT, (False, "-1/4"), (True, "1/2"), WRONG)
    assert share("several", key, {"chosen": chosen}) == Fraction(earns)


WEIGHTS = st.one_of(st.none(), st.fractions(-2, 2, max_denominator=20).map(str))
CHOICES = st.lists(st.tuples(st.booleans(), WEIGHTS), min_size=1, max_size=5)


def subsets(count: int) -> list[list[int]]:
    return [list(s) for s in chain.from_iterable(combinations(range(count), n) for n in range(count + 1))]


@given(CHOICES)
def test_no_set_of_ticks_earns_less_than_nothing_or_more_than_all(choices):
    key = choice_key(*choices)
    assert all(0 <= share("several", key, {"chosen": s}) <= 1 for s in subsets(len(choices)))


@given(CHOICES)
def test_without_weights_exactly_one_set_of_ticks_earns_anything(choices):
    key = choice_key(*((right, None) for right, _ in choices))
    earning = [s for s in subsets(len(choices)) if share("several", key, {"chosen": s})]
    right = [index for index, (is_right, _) in enumerate(choices) if is_right]
    assert earning == ([right] if right else [[]])


@given(st.lists(st.booleans(), min_size=2, max_size=6).filter(any), st.integers(0, 100))
def test_ticking_just_what_is_right_earns_all_however_the_weights_were_said(rights, percent_of_first):
    first = rights.index(True)
    said = Fraction(percent_of_first, 100) if sum(rights) > 1 else Fraction(1)
    choices = [(right, str(said) if index == first else None) for index, right in enumerate(rights)]
    chosen = [index for index, right in enumerate(rights) if right]
    assert share("several", choice_key(*choices), {"chosen": chosen}) == 1


LINES = number_key(("7", "7", "1"), ("6", "8", "1/2"), ("0.1", "0.1", "1"))


@pytest.mark.parametrize(
    ("written", "earns", "line"),
    [
        ("7", "1", 0),
        ("7,0", "1", 0),
        ("6", "1/2", 1),
        ("8", "1/2", 1),
        ("8,000000000000000000001", "0", None),
        ("5,999999999999999999999", "0", None),
        ("6,5", "1/2", 1),
        ("0,1", "1", 2),
        ("0,10000000000000001", "0", None),
        ("7.000", "0", None),  # seven thousand, in Indonesian
        ("tujuh", "0", None),
        ("", "0", None),
    ],
)
def test_the_best_line_that_holds_the_number_counts_and_the_bounds_belong_to_it(written, earns, line):
    met = () if line is None else (line,)
    assert grade("number", LINES, {"text": written}, "id") == Grade(Fraction(earns), met)


def test_the_language_of_the_course_decides_what_a_dot_means():
    thousand = number_key(("1234", "1234", "1"))
    assert [share("number", thousand, {"text": "1.234"}, lang) for lang in ("id", "en")] == [1, 0]


def test_a_line_without_credit_is_still_met_so_that_its_feedback_shows():
    assert grade("number", number_key(("1", "3", "0")), {"text": "2"}, "id") == Grade(Fraction(0), (0,))


@pytest.mark.parametrize(("credit", "earns"), [("3/2", 1), ("-1/2", 0)])
def test_a_credit_outside_nothing_and_all_is_clamped(credit, earns):
    assert share("number", number_key(("1", "1", credit)), {"text": "1"}) == earns
    assert share("text", text_key(("ya", credit)), {"text": "ya"}) == earns


NAMES = text_key(("BerAKHLAK", "1"), ("akhlak mulia", "1/2"), ("Straße", "1"))


@pytest.mark.parametrize(
    ("written", "earns"),
    [
        ("BerAKHLAK", "1"),
        ("berakhlak", "1"),
        ("  BERAKHLAK\n", "1"),
        ("ＢｅｒＡＫＨＬＡＫ", "1"),  # full width folds by NFKC
        ("akhlak   mulia", "1/2"),
        ("akhlak\u00a0mulia", "1/2"),
        ("akhlakmulia", "0"),
        ("STRASSE", "1"),
        ("straße", "1"),
        ("ber-akhlak", "0"),
        ("bеrakhlak", "0"),  # a Cyrillic е
        ("berakhlak.", "0"),
    ],
)
def test_text_is_compared_by_nfkc_case_and_white_space(written, earns):
    assert share("text", NAMES, {"text": written}) == Fraction(earns)


@given(st.text())
def test_folding_is_done_once(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1).filter(lambda text: folded(text)))
def test_an_answer_is_right_as_the_author_wrote_it_in_any_case_and_spacing(text):
    key = text_key((text, "1"))
    assert share("text", key, {"text": text}) == 1
    assert share("text", key, {"text": f"  {folded(text)} \t"}) == 1


@pytest.mark.parametrize("type_", ["number", "text"])
def test_the_corpus_of_quiz_values_is_graded_without_failing(type_):
    key = LINES if type_ == "number" else NAMES
    assert {share(type_, key, {"text": value}) for value in corpus("quiz_values")} == {Fraction(0)}


@pytest.mark.parametrize(
    ("earns", "verdict"), [("1", "right"), ("99/100", "partly"), ("1/100", "partly"), ("0", "wrong")]
)
def test_the_verdict_is_right_partly_or_wrong(earns, verdict):
    assert Grade(Fraction(earns)).verdict == verdict


@pytest.mark.parametrize(
    ("earned", "possible", "mark", "passed"),
    [
        ("2", "3", "200/3", True),  # two of three is exactly 66 2/3 percent
        ("2", "3", "66", True),
        ("2", "3", "67", False),
        ("2", "3", "66667/1000", False),
        ("7", "10", "70", True),
        ("6999/1000", "10", "70", False),
        ("0", "5", "0", True),
        ("5", "5", "100", True),
        ("4999999/1000000", "5", "100", False),
        ("1/3", "1/3", "100", True),
    ],
)
def test_the_mark_is_reached_by_exact_fractions_the_mark_itself_included(earned, possible, mark, passed):
    assert reaches(Fraction(earned), Fraction(possible), Fraction(mark)) is passed


@pytest.mark.parametrize(
    ("earned", "possible", "shown"),
    [
        ("6999/1000", "10", 69),
        ("7", "10", 70),
        ("2", "3", 66),
        ("0", "3", 0),
        ("3", "3", 100),
        ("2999/1000", "3", 99),
        ("0", "0", 0),
    ],
)
def test_a_percentage_is_shown_rounded_down(earned, possible, shown):
    assert percent(Fraction(earned), Fraction(possible)) == shown


@given(
    st.fractions(0, 1, max_denominator=1000),
    st.fractions(Fraction(1, 4), 100, max_denominator=12),
    st.integers(0, 100),
)
def test_who_did_not_pass_never_sees_the_mark_as_reached(part, possible, mark):
    earned = part * possible
    assert reaches(earned, possible, Fraction(mark)) is (percent(earned, possible) >= mark)


FRACTIONS = st.fractions(min_value=0, max_value=10, max_denominator=12)


@given(st.lists(FRACTIONS))
def test_a_total_is_the_sum(parts: list[Fraction]) -> None:
    assert total(parts) == sum(parts, Fraction(0))


@given(st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 3)]) | FRACTIONS, FRACTIONS)
def test_a_grade_is_worth_its_share_of_the_points(share: Fraction, points: Fraction) -> None:
    assert worth(Grade(share), points) == share * points
