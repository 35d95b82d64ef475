"""Taking a quiz: started once, timed by the server, submitted once, graded on what was taken in time."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock, randomness
from courses.assessment import expiring, planning, taking
from courses.assessment.expiring import grade_expired, something_expired
from courses.assessment.grading import grade
from courses.assessment.models import Attempt, Response
from courses.assessment.planning import AnswerNotMeant
from courses.assessment.responses import answers_of, questions_of
from courses.assessment.taking import (
    AlreadyPassed,
    AttemptClosed,
    AttemptsUsedUp,
    NoOpenAttempt,
    Submitted,
    TimeIsUp,
    attempts,
    field_name,
    held_attempt,
    is_late,
    open_attempt,
    quiz_rules,
    save,
    start,
    submit,
)
from courses.authoring.course import Course, NumberAnswers, Order, Quiz
from courses.catalogue.editions import edition
from courses.database import begin_writing
from courses.learning.completing import StepLocked, record_quiz
from courses.learning.enrolling import Standing, enrol, standing
from tests.people import Somebody
from tests.services.crowd import A_WHILE, at_once, second_while_first_is_open, writing
from tests.services.editions import NUMBER, QUESTIONS, WORD, course, exam, lesson, practice, published
from tests.services.engines import only

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
GRACE = timedelta(seconds=10)
SECOND = timedelta(seconds=1)
LIMIT = timedelta(minutes=15)
Given = dict[str, list[str]]
RIGHT = {"asli": [1], "pemicu": [0, 2], "tahun": "2", "singkatan": "berakhlak"}
WRONG = {"asli": [0], "pemicu": [1], "tahun": "3", "singkatan": "akhlak"}


@pytest.fixture
def at(session) -> Iterator:
    """The clock, held at noon; calling it moves it to so long after noon."""
    with clock.pinned(NOON) as move:
        yield lambda later: move(NOON + later)


def arsip(**rules) -> Course:
    return course("arsip", exam("ujian", **rules), order=Order.FREE)


@pytest.fixture
def learns(learner):
    """A function that publishes a course and enrols the learner in it."""

    def begin(what: Course, who: Somebody = learner) -> Somebody:
        view = published(what)
        writing(lambda session: enrol(session, who.id, view))
        return who

    return begin


def where(session: Session, who: Somebody) -> Standing:
    return standing(session, who.id, "arsip")


def started(session: Session, who: Somebody, step: str = "ujian") -> Attempt:
    place = where(session, who)
    view = edition(session, place.edition_id)
    found = view.outline.step(step)
    assert found is not None
    return start(session, place, view, found)


def filled(attempt: Attempt, answers: dict, *only: str) -> Given:
    """The fields of the page with these answers, by question id; only these questions, if any are named."""
    given: Given = {}
    for position, planned in enumerate(planning.from_data(attempt.plan)):
        answer = answers[planned.question_id]
        if only and planned.question_id not in only:
            continue
        names = dict(zip(planned.order, planned.tokens, strict=True))
        given[field_name(position)] = [answer] if isinstance(answer, str) else [names[n] for n in answer]
    return given


def saved(session: Session, who: Somebody, answers: dict, *only: str) -> datetime:
    attempt = held_attempt(session, where(session, who), "ujian")
    return save(session, attempt, filled(attempt, answers, *only), grace=GRACE)


def handed_in(session: Session, who: Somebody, answers: dict | None, *only: str) -> Submitted:
    attempt = held_attempt(session, where(session, who), "ujian")
    given = None if answers is None else filled(attempt, answers, *only)
    return submit(session, where(session, who), attempt, given, grace=GRACE)


def begun(who: Somebody) -> int:
    return writing(lambda session: started(session, who).number)


def kept(who: Somebody, number: int = 1) -> dict[str, dict]:
    """What is stored for an attempt, by question id."""
    with Session(db.engine) as session:
        attempt = attempts(session, where(session, who), "ujian")[number - 1]
        answers = answers_of(session, attempt)
        return {
            planned.question_id: answers.get(position, {})
            for position, planned in enumerate(planning.from_data(attempt.plan))
        }


def tried(who: Somebody) -> list[Attempt]:
    with Session(db.engine) as session:
        return list(attempts(session, where(session, who), "ujian"))


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


class TestSubmitting:
    @pytest.mark.parametrize(
        ("answers", "only", "earned", "passed"),
        [
            (RIGHT, (), 3, True),
            (WRONG, (), 0, False),
            (RIGHT, ("asli", "tahun"), 2, False),  # 66.67 of 70
            ({}, ("nothing",), 0, False),
        ],
    )
    def test_the_server_grades_and_the_mark_decides(self, learns, at, answers, only, earned, passed):
        who = learns(arsip())
        begun(who)
        at(90 * SECOND)
        done = writing(lambda session: handed_in(session, who, {**RIGHT, **answers}, *only))
        assert done == Submitted(1, Fraction(earned), Fraction(3), passed, False)
        [attempt] = tried(who)
        assert (attempt.state, attempt.submitted_at) == ("graded", NOON + 90 * SECOND)
        assert Submitted(1, attempt.earned or Fraction(0), Fraction(3), passed, False) == done
        assert (attempt.possible, attempt.passed) == (done.possible, passed)

    @pytest.mark.parametrize(("mark", "passed"), [("200/3", True), ("66", True), ("67", False)])
    def test_two_of_three_points_are_exactly_two_thirds(self, learns, mark, passed):
        who = learns(arsip(pass_percent=Fraction(mark)))
        begun(who)
        done = writing(lambda session: handed_in(session, who, RIGHT, "asli", "tahun"))
        assert done.passed is passed

    def test_points_weigh(self, learns):
        heavy = (replace(QUESTIONS[0], points=Fraction(5, 2)), *QUESTIONS[1:])
        who = learns(course("arsip", replace(exam("ujian"), questions=heavy), order=Order.FREE))
        begun(who)
        done = writing(lambda session: handed_in(session, who, RIGHT, "asli"))
        assert (done.earned, done.possible) == (Fraction(5, 2), Fraction(9, 2))

    def test_the_stored_grade_is_what_an_independent_grading_gives(self, learns):
        who = learns(arsip(attempts=0, shuffle_questions=True, shuffle_choices=True))
        for answers in (WRONG, {**RIGHT, "tahun": "3"}, {**WRONG, "pemicu": [0, 1, 2]}, RIGHT):
            begun(who)
            writing(partial(handed_in, who=who, answers=answers))
        with Session(db.engine) as session:
            for attempt in attempts(session, where(session, who), "ujian"):
                plan, given = planning.from_data(attempt.plan), answers_of(session, attempt)
                rows = questions_of(session, attempt, plan)
                shares = [
                    grade(p.type, r.key, given[n], "id").share
                    for n, (p, r) in enumerate(zip(plan, rows, strict=True))
                ]
                assert attempt.earned == sum(shares)
                stored = session.scalars(
                    select(Response.earned)
                    .where(Response.attempt_id == attempt.id)
                    .order_by(Response.position)
                )
                assert stored.all() == shares

    def test_submitted_twice_is_refused_and_graded_once(self, learns):
        who = learns(arsip())
        begun(who)
        writing(lambda session: handed_in(session, who, WRONG))
        with pytest.raises(AttemptClosed) as refusal:
            writing(lambda session: handed_in(session, who, RIGHT))
        assert refusal.value.facts == {"number": 1}
        assert [attempt.earned for attempt in tried(who)] == [0]
        assert kept(who)["tahun"] == {"text": "3"}

    def test_who_saw_it_open_before_another_handed_it_in_is_refused_all_the_same(self, learns):
        who = learns(arsip())
        begun(who)

        def unheld(session: Session) -> Submitted:
            place = where(session, who)
            return submit(session, place, attempts(session, place, "ujian")[-1], None, grace=GRACE)

        outcome = second_while_first_is_open(lambda session: handed_in(session, who, RIGHT), unheld)
        assert isinstance(outcome, AttemptClosed)
        assert [attempt.earned for attempt in tried(who)] == [3]

    def test_of_eight_submissions_at_once_one_is_graded(self, learns):
        who = learns(arsip())
        begun(who)
        outcomes = at_once(8, lambda session: handed_in(session, who, RIGHT))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AttemptClosed"] * 7 + ["Submitted"]
        assert [attempt.earned for attempt in tried(who)] == [3]

    @only("postgresql")
    def test_two_quizzes_handed_in_at_the_same_moment_do_not_hold_each_other_up(self, learns, monkeypatch):
        who = learns(course("arsip", exam("ujian"), exam("lain"), order=Order.FREE))
        for step in ("ujian", "lain"):
            writing(partial(started, who=who, step=step))
        together, steps = Barrier(2), iter(["ujian", "lain"])

        def meeting(*args, **kwargs) -> None:
            together.wait(5)
            record_quiz(*args, **kwargs)

        def hand_in(session: Session) -> bool:
            place = where(session, who)
            attempt = held_attempt(session, place, next(steps))
            return submit(session, place, attempt, filled(attempt, RIGHT), grace=GRACE).passed

        monkeypatch.setattr(taking, "record_quiz", meeting)
        assert at_once(2, hand_in) == [True, True]
        with Session(db.engine) as session:
            assert where(session, who).completed_at is not None

    def test_a_pass_completes_the_step_in_the_same_transaction(self, session, learns):
        who = learns(arsip())
        begun(who)
        writing(lambda session: handed_in(session, who, RIGHT))
        assert where(session, who).records == {"ujian": True}
        assert where(session, who).completed_at is not None

    def test_a_failure_is_recorded_and_a_later_pass_wins(self, learns):
        who = learns(arsip())
        for answers, record in ((WRONG, False), (WRONG, False), (RIGHT, True)):
            begun(who)
            writing(partial(handed_in, who=who, answers=answers))
            with Session(db.engine) as session:
                assert where(session, who).records == {"ujian": record}

    def test_practice_is_done_whatever_was_answered(self, learns):
        who = learns(course("arsip", practice("ujian"), order=Order.FREE))
        begun(who)
        writing(lambda session: handed_in(session, who, WRONG))
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": None}

    def test_it_is_graded_by_the_edition_it_was_taken_under(self, learns):
        who = learns(arsip())
        begun(who)
        harder = replace(NUMBER, answers=NumberAnswers(()))
        published(course("arsip", replace(exam("ujian"), questions=(harder,)), order=Order.FREE))
        assert writing(lambda session: handed_in(session, who, RIGHT)).earned == 3

    def test_it_counts_though_the_quiz_left_the_course_meanwhile(self, learns):
        who = learns(arsip())
        begun(who)
        published(course("arsip", lesson("satu"), order=Order.FREE))
        assert writing(lambda session: handed_in(session, who, RIGHT)).passed
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": True}


class TestTime:
    @pytest.mark.parametrize(
        ("later", "late"),
        [
            (LIMIT - SECOND, False),
            (LIMIT, False),
            (LIMIT + GRACE, False),
            (LIMIT + GRACE + SECOND, True),
        ],
    )
    def test_answers_count_until_the_deadline_and_its_grace_and_what_was_saved_counts_after(
        self, learns, at, later, late
    ):
        who = learns(arsip(time=LIMIT))
        begun(who)
        writing(lambda session: saved(session, who, RIGHT, "tahun"))
        at(later)
        done = writing(lambda session: handed_in(session, who, RIGHT))
        assert (done.late, done.earned) == (late, Fraction(1 if late else 3))

    def test_the_deadline_is_fixed_when_the_attempt_starts(self, learns, at):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(60 * SECOND)
        begun(who)
        published(replace(arsip(time=timedelta(hours=5)), title="Lebih lama"))
        assert tried(who)[0].deadline == NOON + LIMIT

    def test_expired_attempts_are_graded_on_what_was_saved(self, learns, other_learner, at):
        who, other = (
            learns(arsip(time=LIMIT, attempts=2)),
            learns(arsip(time=LIMIT, attempts=2), other_learner),
        )
        for person in (who, other):
            begun(person)
        writing(lambda session: saved(session, who, RIGHT))
        at(LIMIT + GRACE)
        assert _expired() == (False, 0)
        at(LIMIT + GRACE + SECOND)
        assert _expired() == (True, 2)
        assert _expired() == (False, 0)
        assert [attempt.earned for attempt in (*tried(who), *tried(other))] == [3, 0]
        with Session(db.engine) as session:
            assert where(session, who).records == {"ujian": True}
            assert where(session, other).records == {"ujian": False}

    def test_an_attempt_without_answers_is_graded_too(self, learns, at):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(timedelta(days=1))
        assert _expired() == (True, 1)
        assert (tried(who)[0].earned, tried(who)[0].possible) == (Fraction(0), Fraction(3))

    def test_an_attempt_without_a_limit_never_expires(self, learns, at):
        who = learns(arsip())
        begun(who)
        at(timedelta(days=3650))
        assert _expired() == (False, 0)
        assert tried(who)[0].state == "open"

    def test_two_workers_grade_an_expired_attempt_once(self, learns, at):
        learns(arsip(time=LIMIT))
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(timedelta(days=1))
        outcomes = at_once(4, lambda session: grade_expired(session, GRACE))
        assert sorted(outcomes, key=str) == [0, 0, 0, 1]

    def test_a_submission_and_the_worker_at_the_same_moment_grade_once(self, learns, at):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(LIMIT + GRACE + SECOND)
        outcome = second_while_first_is_open(
            lambda session: handed_in(session, who, None), lambda session: grade_expired(session, GRACE)
        )
        assert outcome == 0
        assert len(tried(who)) == 1

    @only("postgresql")
    def test_on_postgresql_a_worker_does_not_wait_for_an_attempt_that_is_being_handed_in(
        self, session, learns, at
    ):
        who = learns(arsip(time=LIMIT))
        begun(who)
        at(timedelta(days=1))
        begin_writing(session)
        held_attempt(session, where(session, who), "ujian")

        def impatient(other: Session) -> int:
            other.execute(text("SET LOCAL lock_timeout = '1s'"))
            return grade_expired(other, GRACE)

        assert writing(impatient) == 0

    @only("postgresql")
    def test_two_workers_on_the_same_two_courses_do_not_wait_for_each_other_forever(
        self, learns, other_learner, at, monkeypatch
    ):
        both = course("arsip", exam("ujian", time=LIMIT), exam("lain", time=LIMIT), order=Order.FREE)
        who, other = learns(both), learns(both, other_learner)
        for n, (person, step) in enumerate(
            [(who, "ujian"), (other, "ujian"), (other, "lain"), (who, "lain")]
        ):
            at(n * SECOND)
            writing(partial(started, who=person, step=step))
        at(timedelta(days=1))
        together = Barrier(2)

        def pausing(*args, **kwargs) -> None:
            submit(*args, **kwargs)
            with suppress(BrokenBarrierError):
                together.wait(A_WHILE)

        monkeypatch.setattr(expiring, "submit", pausing)
        assert at_once(2, lambda session: grade_expired(session, GRACE, limit=2)) == [2, 2]

    def test_at_most_so_many_are_graded_in_one_transaction_the_oldest_first(self, learns, other_learner, at):
        who, other = learns(arsip(time=LIMIT)), learns(arsip(time=LIMIT), other_learner)
        begun(other)
        at(SECOND)
        begun(who)
        at(timedelta(days=1))
        assert writing(lambda session: grade_expired(session, GRACE, limit=1)) == 1
        assert [tried(person)[0].state for person in (other, who)] == ["graded", "open"]


def _expired() -> tuple[bool, int]:
    with Session(db.engine) as session:
        something = something_expired(session, GRACE)
    return something, writing(lambda session: grade_expired(session, GRACE))


def test_the_rules_of_a_lesson_are_asked_for_in_vain(learns):
    learns(course("arsip", lesson("satu")))
    view = published(course("arsip", lesson("satu")))
    with pytest.raises(NoOpenAttempt):
        quiz_rules(view.outline.steps[0])


def test_a_dropped_response_is_graded_as_unanswered(learns):
    who = learns(arsip())
    begun(who)
    writing(lambda session: saved(session, who, RIGHT))
    writing(lambda session: session.execute(delete(Response).where(Response.position == 0)))
    assert writing(lambda session: handed_in(session, who, None)).earned == 2
