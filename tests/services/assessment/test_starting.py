"""Starting a quiz: once, pinned to its edition, as often as allowed, and never again once passed."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.extensions import db
from courses import randomness
from courses.assessment import planning
from courses.assessment.models import Attempt
from courses.assessment.taking import (
    AlreadyPassed,
    AttemptsUsedUp,
    NoOpenAttempt,
    held_attempt,
    open_attempt,
    quiz_rules,
)
from courses.authoring.course import Order, Quiz
from courses.learning.completing import StepLocked
from tests.services.assessment.quizzes import (
    RIGHT,
    WRONG,
    arsip,
    begun,
    handed_in,
    started,
    tried,
    where,
)
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.editions import NUMBER, QUESTIONS, WORD, course, exam, lesson, practice, published


class TestStarting:
    def test_an_attempt_is_pinned_to_its_edition_and_its_questions(self, learns):
        who = learns(arsip())
        assert begun(who) == 1
        [first] = tried(who)
        published(replace(arsip(), title="Arsip baru"))
        assert [p.question_id for p in planning.from_data(first.plan)] == ["asli", "pemicu", "tahun"]
        assert begun(who) == 1  # resumed, not begun again
        assert [(a.edition_id, a.plan) for a in tried(who)] == [(first.edition_id, first.plan)]

    def test_an_open_attempt_is_gone_on_with(self, learns):
        who = learns(arsip(attempts=3))
        assert [begun(who) for _ in range(3)] == [1, 1, 1]
        assert len(tried(who)) == 1

    def test_after_submission_the_next_attempt_has_the_next_number_and_other_tokens(self, learns):
        who = learns(arsip(attempts=3))
        begun(who)
        writing(lambda session: handed_in(session, who, WRONG))
        assert begun(who) == 2
        first, second = tried(who)
        assert not {*_tokens(first)} & {*_tokens(second)}

    def test_attempts_are_used_up_after_as_many_as_are_allowed(self, learns):
        who = learns(arsip(attempts=2))
        for _ in range(2):
            begun(who)
            writing(lambda session: handed_in(session, who, WRONG))
        with pytest.raises(AttemptsUsedUp) as refusal:
            begun(who)
        assert refusal.value.status == 403
        assert len(tried(who)) == 2

    def test_the_last_attempt_may_be_gone_on_with(self, learns):
        who = learns(arsip(attempts=1))
        assert [begun(who), begun(who)] == [1, 1]

    def test_without_a_limit_there_is_always_another(self, learns):
        who = learns(arsip(attempts=0))
        for number in range(1, 6):
            assert begun(who) == number
            writing(lambda session: handed_in(session, who, WRONG))

    def test_a_graded_quiz_that_was_passed_is_not_taken_again(self, learns):
        who = learns(arsip(attempts=0))
        begun(who)
        writing(lambda session: handed_in(session, who, RIGHT))
        with pytest.raises(AlreadyPassed):
            begun(who)
        published(replace(arsip(), title="Arsip baru"))
        with pytest.raises(AlreadyPassed):
            begun(who)

    def test_practice_may_be_taken_again_and_passed_for_good_once_it_is_graded(self, learns):
        who = learns(course("arsip", practice("ujian"), order=Order.FREE))
        for _ in range(2):
            begun(who)
            writing(lambda session: handed_in(session, who, RIGHT))
        published(arsip())
        assert begun(who) == 3
        assert writing(lambda session: handed_in(session, who, RIGHT)).passed
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": True}

    def test_questions_come_in_the_order_of_the_author_not_of_their_names(self, learns):
        backwards = replace(exam("ujian"), questions=QUESTIONS[::-1])
        who = learns(course("arsip", backwards, order=Order.FREE))
        begun(who)
        plan = planning.from_data(tried(who)[0].plan)
        assert [planned.question_id for planned in plan] == ["tahun", "pemicu", "asli"]

    def test_a_locked_quiz_cannot_be_started(self, learns):
        who = learns(course("arsip", lesson("satu"), exam("ujian")))
        with pytest.raises(StepLocked):
            begun(who)
        assert tried(who) == []

    def test_a_lesson_cannot_be_started(self, learns):
        who = learns(course("arsip", lesson("ujian")))
        with pytest.raises(NoOpenAttempt):
            begun(who)

    def test_nothing_is_open_before_it_is_started_nor_for_anyone_else(self, learns, other_learner):
        who, other = learns(arsip()), learns(arsip(), other_learner)
        begun(who)
        with Session(db.engine) as session, pytest.raises(NoOpenAttempt):
            open_attempt(session, where(session, other), "ujian")
        with Session(db.engine) as session, pytest.raises(NoOpenAttempt):
            held_attempt(session, where(session, other), "ujian")

    @pytest.mark.parametrize("number", [1, 2])
    def test_eight_starts_at_once_are_one_attempt(self, learns, number):
        who = learns(arsip())
        for _ in range(number - 1):
            begun(who)
            writing(lambda session: handed_in(session, who, WRONG))
        assert at_once(8, lambda session: started(session, who).number) == [number] * 8
        assert len(tried(who)) == number

    def test_a_start_while_another_start_is_under_way_is_the_same_attempt(self, learns):
        who = learns(arsip())
        plans: list[object] = []

        def begin(session: Session) -> None:
            plans.append(planning.from_data(started(session, who).plan))

        assert second_while_first_is_open(begin, begin) is None
        assert plans[0] == plans[1]

    def test_a_start_after_a_start_that_was_rolled_back_is_the_first(self, learns):
        who = learns(arsip())
        second = second_while_first_is_open(
            lambda session: started(session, who), lambda session: started(session, who).number, commits=False
        )
        assert second == 1
        assert len(tried(who)) == 1

    def test_chance_draws_from_banks_and_a_seed_repeats_it(self, learns):
        bank = Quiz("bank/arsip", "Bank", questions=(NUMBER, WORD, *QUESTIONS[:2]))
        who = learns(
            replace(arsip(sources=("bank/arsip",), draw=2, attempts=0, shuffle_questions=True), banks=(bank,))
        )
        drawn = []
        for seed in (1, 1, 2, 3, 4):
            with randomness.seeded(seed):
                begun(who)
            drawn.append([(p.holder, p.question_id) for p in planning.from_data(tried(who)[-1].plan)])
            writing(lambda session: handed_in(session, who, WRONG))
        assert drawn[0] == drawn[1]
        assert len({str(plan) for plan in drawn}) > 1
        assert all(len(plan) == 5 and len(set(plan)) == 5 for plan in drawn)


def _tokens(attempt: Attempt) -> list[str]:
    return [token for planned in planning.from_data(attempt.plan) for token in planned.tokens]


def test_the_rules_of_a_lesson_are_asked_for_in_vain(learns):
    learns(course("arsip", lesson("satu")))
    view = published(course("arsip", lesson("satu")))
    with pytest.raises(NoOpenAttempt):
        quiz_rules(view.outline.steps[0])
