"""Saving a quiz: the page whole, what it gave out alone, nothing once time is up or it is handed in."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from courses.assessment.planning import AnswerNotMeant
from courses.assessment.taking import (
    AttemptClosed,
    TimeIsUp,
    held_attempt,
    is_late,
    save,
)
from tests.services.assessment.quizzes import (
    GRACE,
    LIMIT,
    NOON,
    RIGHT,
    SECOND,
    WRONG,
    arsip,
    begun,
    filled,
    handed_in,
    kept,
    saved,
    tried,
    where,
)
from tests.services.crowd import second_while_first_is_open, writing


class TestSaving:
    def test_what_was_saved_is_there_to_go_on_with(self, learns, at):
        who = learns(arsip())
        begun(who)
        at(5 * SECOND)
        assert writing(lambda session: saved(session, who, RIGHT, "tahun", "pemicu")) == NOON + 5 * SECOND
        assert kept(who) == {"asli": {}, "pemicu": {"chosen": [0, 2]}, "tahun": {"text": "2"}}
        assert tried(who)[0].saved_at == NOON + 5 * SECOND

    def test_the_page_is_saved_whole_so_that_an_answer_can_be_taken_back(self, learns):
        who = learns(arsip())
        begun(who)
        writing(lambda session: saved(session, who, RIGHT))
        writing(lambda session: saved(session, who, WRONG, "tahun"))
        assert kept(who) == {"asli": {}, "pemicu": {}, "tahun": {"text": "3"}}

    @pytest.mark.parametrize(
        "given",
        [
            {"q-1": ["foreign"]},
            {"q-2": ["foreign"]},
            {"q-3": ["1", "2"]},
            {"q-3": ["x" * 2001]},
            {"q-3": ["\x00"]},
            {"q-3": ["\ud800"]},
        ],
    )
    def test_what_no_page_gave_out_is_refused_and_nothing_is_stored(self, learns, given):
        who = learns(arsip())
        begun(who)
        writing(lambda session: saved(session, who, RIGHT))

        def send(session: Session) -> None:
            save(session, held_attempt(session, where(session, who), "ujian"), given, grace=GRACE)

        with pytest.raises(AnswerNotMeant):
            writing(send)
        assert kept(who) == {"asli": {"chosen": [1]}, "pemicu": {"chosen": [0, 2]}, "tahun": {"text": "2"}}

    def test_the_tokens_of_an_earlier_attempt_mean_nothing_now(self, learns):
        who = learns(arsip())
        begun(who)
        old = filled(tried(who)[0], RIGHT)
        writing(lambda session: handed_in(session, who, WRONG))
        begun(who)

        def send(session: Session) -> None:
            save(session, held_attempt(session, where(session, who), "ujian"), old, grace=GRACE)

        with pytest.raises(AnswerNotMeant):
            writing(send)

    @pytest.mark.parametrize("name", ["q-0", "q-4", "q-", "q-1 ", "score", "q-99999999999999999999"])
    def test_fields_that_are_not_on_the_page_change_nothing(self, learns, name):
        who = learns(arsip())
        begun(who)

        def send(session: Session) -> None:
            attempt = held_attempt(session, where(session, who), "ujian")
            save(session, attempt, {**filled(attempt, RIGHT), name: ["2"]}, grace=GRACE)

        writing(send)
        assert kept(who) == {"asli": {"chosen": [1]}, "pemicu": {"chosen": [0, 2]}, "tahun": {"text": "2"}}

    @pytest.mark.parametrize(
        ("later", "taken"),
        [(LIMIT, True), (LIMIT + GRACE, True), (LIMIT + GRACE + SECOND, False), (timedelta(days=9), False)],
    )
    def test_after_the_deadline_and_its_grace_nothing_is_taken_and_nobody_is_told_it_was(
        self, learns, at, later, taken
    ):
        who = learns(arsip(time=LIMIT))
        begun(who)
        writing(lambda session: saved(session, who, WRONG))
        at(later)
        if taken:
            assert writing(lambda session: saved(session, who, RIGHT)) == NOON + later
        else:
            with pytest.raises(TimeIsUp) as refusal:
                writing(lambda session: saved(session, who, RIGHT))
            assert refusal.value.status == 409
        assert kept(who)["tahun"] == {"text": "2" if taken else "3"}

    def test_without_a_time_limit_there_is_no_deadline(self, learns, at):
        who = learns(arsip())
        begun(who)
        at(timedelta(days=3650))
        assert tried(who)[0].deadline is None
        assert not is_late(tried(who)[0])
        writing(lambda session: saved(session, who, RIGHT))

    def test_two_tabs_that_save_at_the_same_moment_both_get_through_and_the_later_stands(self, learns):
        who = learns(arsip())
        begun(who)
        outcome = second_while_first_is_open(
            lambda session: saved(session, who, WRONG), lambda session: saved(session, who, RIGHT)
        )
        assert isinstance(outcome, datetime)
        assert kept(who)["tahun"] == {"text": "2"}

    def test_after_submission_nothing_is_saved(self, learns):
        who = learns(arsip())
        begun(who)
        writing(lambda session: handed_in(session, who, WRONG))
        with pytest.raises(AttemptClosed):
            writing(lambda session: saved(session, who, RIGHT))
        assert kept(who)["tahun"] == {"text": "3"}

    def test_a_save_on_its_way_while_another_tab_submits_changes_no_graded_answer(self, learns):
        who = learns(arsip())
        begun(who)
        outcome = second_while_first_is_open(
            lambda session: handed_in(session, who, WRONG), lambda session: saved(session, who, RIGHT)
        )
        assert isinstance(outcome, AttemptClosed)
        assert kept(who)["tahun"] == {"text": "3"}
