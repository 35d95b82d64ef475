"""The plan of an attempt: what is drawn and shuffled, tokens that say nothing, what a browser may send."""

import json
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import randomness
from courses.assessment.planning import (
    LONGEST_TEXT,
    AnswerNotMeant,
    Drawable,
    Plan,
    Planned,
    from_data,
    make_plan,
    read_answer,
    to_data,
)
from courses.catalogue.outline import QuizRules

OWN = tuple(Drawable("ujian", f"own-{n}", "single", 3) for n in range(3))
BANKED = tuple(Drawable("bank/arsip", f"banked-{n}", "several", 4) for n in range(8))
TYPED = (Drawable("ujian", "tahun", "number", 0), Drawable("ujian", "nama", "text", 0))


def rules(*, draw: int | None = None, questions: bool = False, choices: bool = False) -> QuizRules:
    return QuizRules(
        graded=True,
        pass_percent=Fraction(70),
        attempts=3,
        time=None,
        shuffle_questions=questions,
        shuffle_choices=choices,
        sources=("bank/arsip",),
        draw=draw,
        show_score="now",
        show_answers="now",
        role=None,
        questions=0,
    )


def ids(plan: Plan) -> list[str]:
    return [planned.question_id for planned in plan]


@given(st.integers(0, 12), st.booleans(), st.booleans(), st.integers(0, 2**32))
def test_own_questions_always_appear_and_as_many_of_the_banks_as_are_drawn(draw, questions, choices, seed):
    with randomness.seeded(seed):
        plan = make_plan(rules(draw=draw, questions=questions, choices=choices), OWN, BANKED)
    drawn = [question for question in ids(plan) if question.startswith("banked")]
    assert Counter(ids(plan)) == Counter([*(own.question_id for own in OWN), *set(drawn)])
    assert len(drawn) == min(draw, len(BANKED))


def test_without_a_draw_every_question_of_the_banks_appears():
    assert ids(make_plan(rules(), OWN, BANKED)) == [question.question_id for question in OWN + BANKED]


def test_unshuffled_questions_stand_in_the_order_of_the_author_whatever_was_drawn():
    for seed in range(50):
        with randomness.seeded(seed):
            plan = ids(make_plan(rules(draw=4), OWN, BANKED))
        assert plan == sorted(plan, key=[q.question_id for q in OWN + BANKED].index)


def test_shuffling_moves_own_questions_among_the_drawn_ones():
    firsts = set()
    for seed in range(60):
        with randomness.seeded(seed):
            firsts.add(ids(make_plan(rules(draw=2, questions=True), OWN, BANKED))[0][:3])
    assert firsts == {"own", "ban"}


def test_every_question_of_a_bank_is_drawn_about_as_often_as_any_other():
    seen: Counter[str] = Counter()
    with randomness.seeded(7):
        for _ in range(2000):
            seen.update(ids(make_plan(rules(draw=2), (), BANKED)))
    assert set(seen) == {question.question_id for question in BANKED}
    assert all(400 < count < 600 for count in seen.values())


def test_choices_stand_in_the_order_of_the_author_unless_shuffled():
    assert {planned.order for planned in make_plan(rules(), OWN, ())} == {(0, 1, 2)}
    with randomness.seeded(1):
        orders = {p.order for _ in range(200) for p in make_plan(rules(choices=True), OWN, ())}
    assert len(orders) == 6


def test_the_same_seed_makes_the_same_plan_and_another_seed_another():
    def plan(seed: int) -> Plan:
        with randomness.seeded(seed):
            return make_plan(rules(draw=5, questions=True, choices=True), OWN, BANKED)

    assert plan(1) == plan(1)
    assert plan(1) != plan(2)
    unseeded = [make_plan(rules(choices=True), OWN, ()) for _ in range(2)]
    assert unseeded[0] != unseeded[1]


def test_the_chance_of_a_test_ends_with_it():
    with pytest.raises(RuntimeError), randomness.seeded(3):
        raise RuntimeError
    assert randomness.token() != randomness.token()


def test_every_choice_has_a_token_of_its_own_in_every_attempt():
    tokens = [
        token for _ in range(50) for planned in make_plan(rules(), OWN, BANKED) for token in planned.tokens
    ]
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 8 for token in tokens)


def test_a_question_to_write_in_has_no_tokens():
    assert [(planned.order, planned.tokens) for planned in make_plan(rules(), TYPED, ())] == [((), ())] * 2


@given(st.integers(0, 12), st.integers(0, 2**32))
def test_a_plan_survives_its_column(draw, seed):
    with randomness.seeded(seed):
        plan = make_plan(rules(draw=draw, choices=True), (*OWN, *TYPED), BANKED)
    assert from_data(json.loads(json.dumps(to_data(plan)))) == plan


SINGLE = Planned("ujian", "satu", "single", (2, 0, 1), ("tok-a", "tok-b", "tok-c"))
SEVERAL = Planned("ujian", "beberapa", "several", (2, 0, 1), ("tok-a", "tok-b", "tok-c"))
TEXT = Planned("ujian", "nama", "text", (), ())
NUMBER = Planned("ujian", "tahun", "number", (), ())


@pytest.mark.parametrize(
    ("planned", "sent", "answer"),
    [
        (SINGLE, [], {}),
        (SINGLE, [""], {}),
        (SINGLE, ["tok-a"], {"chosen": [2]}),
        (SINGLE, ["", "tok-b"], {"chosen": [0]}),
        (SEVERAL, ["tok-a", "tok-b"], {"chosen": [0, 2]}),
        (SEVERAL, ["tok-b", "tok-a", "tok-b"], {"chosen": [0, 2]}),
        (TEXT, ["BerAKHLAK"], {"text": "BerAKHLAK"}),
        (TEXT, ["  "], {}),
        (TEXT, ["", "ya"], {"text": "ya"}),
        (TEXT, ["<b>tebal</b> 'x' \u202e 😀"], {"text": "<b>tebal</b> 'x' \u202e 😀"}),
        (NUMBER, ["1.234"], {"text": "1.234"}),
        (TEXT, ["a" * LONGEST_TEXT], {"text": "a" * LONGEST_TEXT}),
    ],
)
def test_what_a_page_sends_becomes_an_answer(planned, sent, answer):
    assert read_answer(planned, sent) == answer


@pytest.mark.parametrize(
    ("planned", "sent"),
    [
        (SINGLE, ["tok-z"]),
        (SINGLE, ["2"]),  # an index is no token
        (SINGLE, ["TOK-A"]),
        (SINGLE, ["tok-a "]),
        (SINGLE, ["tok-a", "tok-b"]),
        (SINGLE, ["tok-a", "tok-a"]),
        (SINGLE, ["tok-a\x00"]),
        (SEVERAL, ["tok-a", "tok-z"]),
        (SEVERAL, ["\ud800"]),
        (TEXT, ["satu", "dua"]),
        (TEXT, ["a" * (LONGEST_TEXT + 1)]),
        (TEXT, ["BerAKHLAK\x00"]),
        (TEXT, ["\ud800"]),
        (NUMBER, ["7\udfff"]),
        (NUMBER, ["7", "7"]),
    ],
)
def test_what_no_page_of_ours_could_send_is_refused_and_says_for_which_question(planned, sent):
    with pytest.raises(AnswerNotMeant) as refusal:
        read_answer(planned, sent)
    assert refusal.value.facts == {"question": planned.question_id}
    assert refusal.value.status == 422


@given(st.lists(st.text(), max_size=4), st.sampled_from([SINGLE, SEVERAL, TEXT, NUMBER]))
def test_whatever_is_sent_is_refused_or_can_be_stored_as_utf8_without_nul(sent, planned):
    try:
        answer = read_answer(planned, sent)
    except AnswerNotMeant:
        return
    assert set(answer) <= {"chosen", "text"}
    assert "\\u0000" not in json.dumps(answer)
    json.dumps(answer, ensure_ascii=False).encode("utf-8")


@given(st.permutations(range(5)), st.sets(st.integers(0, 4), min_size=1))
def test_a_token_means_the_choice_it_was_shown_beside(order, ticked):
    tokens = tuple(f"t{n}" for n in range(5))
    planned = Planned("ujian", "x", "several", tuple(order), tokens)
    shown_at = {choice: tokens[order.index(choice)] for choice in ticked}
    assert read_answer(planned, list(shown_at.values())) == {"chosen": sorted(ticked)}
