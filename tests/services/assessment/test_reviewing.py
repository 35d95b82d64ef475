"""What a learner sees of an attempt: nothing that depends on the key before, what `show` allows after."""

from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from courses import randomness
from courses.assessment.models import Attempt
from courses.assessment.reviewing import Asked, Reviewed, asked, may_show, reviewed
from courses.assessment.taking import attempts, field_name, held_attempt, mark, save, start, submit
from courses.authoring.course import (
    Choice,
    Course,
    NumberAnswers,
    NumberKey,
    Order,
    Prose,
    Question,
    SingleChoice,
    TextAnswers,
    TextKey,
)
from courses.catalogue.editions import edition
from courses.learning.enrolling import enrol, standing
from tests.people import Somebody
from tests.rules.learning.outlines import step
from tests.services.crowd import writing
from tests.services.editions import course, exam, published

GRACE = timedelta(0)

ONE_WAY = SingleChoice(
    (
        Choice(Prose("Kepala bidang"), False, feedback=Prose("Salinan.")),
        Choice(Prose("Unit kearsipan"), True, feedback=Prose("Betul.")),
    )
)
OTHER_WAY = SingleChoice((Choice(Prose("Kepala bidang"), True), Choice(Prose("Unit kearsipan"), False)))
CHOICE = Question(
    "asli",
    Prose("Siapa?"),
    ONE_WAY,
    hint=Prose("Bukan pemakainya."),
    explanation=Prose("Penjelasan."),
    points=Fraction(2),
)
YEARS = Question(
    "tahun",
    Prose("Berapa?"),
    NumberAnswers(
        (
            NumberKey(Decimal("1234.5"), Decimal("1234.5"), feedback=Prose("Tepat.")),
            NumberKey(Decimal(6), Decimal(8), Fraction(1, 2), Prose("Hampir.")),
            NumberKey(Decimal(9), Decimal(9), Fraction(0), Prose("Bukan.")),
        )
    ),
)
WORD = Question("kata", Prose("Apa?"), TextAnswers((TextKey("Depo"), TextKey("Gudang", Fraction(0)))))
ARSIP = course(
    "arsip", replace(exam("ujian"), questions=(CHOICE, YEARS, WORD), shuffle_choices=True), order=Order.FREE
)


@pytest.fixture
def learns(learner):
    """A function that publishes a course, enrols the learner and starts the exam."""

    def begin(what: Course = ARSIP) -> Somebody:
        view = published(what)
        writing(lambda session: enrol(session, learner.id, view))
        writing(lambda session: _start(session, learner))
        return learner

    return begin


def _start(session: Session, who: Somebody) -> None:
    place = standing(session, who.id, "arsip")
    view = edition(session, place.edition_id)
    start(session, place, view, view.outline.steps[0])


def _last(session: Session, who: Somebody) -> Attempt:
    return attempts(session, standing(session, who.id, "arsip"), "ujian")[-1]


def page(who: Somebody) -> list[Asked]:
    with Session(db.engine) as session:
        return asked(session, _last(session, who))


def given(who: Somebody, *answers: str | None) -> dict[str, list[str]]:
    """What the page sends; a choice is named by its words."""
    fields: dict[str, list[str]] = {}
    for question, answer in zip(page(who), answers, strict=True):
        tokens = [choice.token for choice in question.choices if answer and answer in choice.html]
        if answer is not None:
            fields[field_name(question.position)] = tokens or [answer]
    return fields


def hand_in(who: Somebody, *answers: str | None) -> None:
    fields = given(who, *answers)

    def act(session: Session) -> None:
        place = standing(session, who.id, "arsip")
        attempt = held_attempt(session, place, "ujian")
        submit(session, place, attempt, mark(session, attempt, fields), grace=GRACE)

    writing(act)


def review(who: Somebody, *, score: bool = True, answers: bool = True) -> list[Reviewed]:
    with Session(db.engine) as session:
        return reviewed(session, _last(session, who), score=score, answers=answers)


class TestAsking:
    def test_questions_come_in_the_order_of_the_plan_with_what_was_saved(self, learns):
        who = learns()
        fields = given(who, "Unit kearsipan", "1.234,5", "depo")

        def act(session: Session) -> None:
            place = standing(session, who.id, "arsip")
            save(session, held_attempt(session, place, "ujian"), fields, grace=GRACE)

        writing(act)
        choice, years, word = page(who)
        assert [(c.html, c.chosen) for c in sorted(choice.choices, key=lambda c: c.html)] == [
            ("<p>Kepala bidang</p>", False),
            ("<p>Unit kearsipan</p>", True),
        ]
        assert (choice.hint_html, choice.answered) == ("<p>Bukan pemakainya.</p>", True)
        assert choice.points == 2
        assert (years.text, years.read_as, years.choices) == ("1.234,5", "1.234,5", ())
        assert (word.text, word.read_as, word.answered) == ("depo", None, True)

    @pytest.mark.parametrize(
        ("written", "read_as"), [("1.234", "1.234"), ("1,50", "1,50"), ("0.5", "0,5"), ("x", None)]
    )
    def test_the_page_echoes_a_number_as_it_was_read(self, learns, written, read_as):
        who = learns()
        fields = given(who, None, written, None)

        def act(session: Session) -> None:
            place = standing(session, who.id, "arsip")
            save(session, held_attempt(session, place, "ujian"), fields, grace=GRACE)

        writing(act)
        assert page(who)[1].read_as == read_as

    def test_an_attempt_keeps_the_words_of_its_edition(self, learns):
        who = learns()
        other = replace(CHOICE, heading=Prose("Siapa sebenarnya?"))
        published(course("arsip", replace(exam("ujian"), questions=(other, YEARS, WORD)), order=Order.FREE))
        assert page(who)[0].heading_html == "<p>Siapa?</p>"
        hand_in(who, "Unit kearsipan", None, None)
        assert review(who)[0].heading_html == "<p>Siapa?</p>"

    def test_before_anything_is_saved_nothing_is_answered(self, learns):
        assert [question.answered for question in page(learns())] == [False] * 3

    def test_the_key_is_not_even_read(self, learns):
        who = learns()
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            page(who)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        about_questions = [statement for statement in seen if "FROM question" in statement]
        assert len(about_questions) == 1
        assert "question.key" not in about_questions[0]

    def test_two_courses_that_differ_only_in_their_keys_ask_the_same(self, learner):
        keyless = replace(CHOICE, answers=OTHER_WAY, explanation=None)
        pages = []
        for questions in ((CHOICE, YEARS, WORD), (keyless, replace(YEARS, answers=NumberAnswers(())), WORD)):
            quiz = replace(exam("ujian", attempts=0), questions=questions, shuffle_choices=True)
            view = published(course("arsip", quiz, order=Order.FREE))
            writing(partial(enrol, person_id=learner.id, edition=view))
            with randomness.seeded(5):
                writing(lambda session: _start(session, learner))
            pages.append(repr([asdict(question) for question in page(learner)]))
            hand_in(learner, None, None, None)
        assert pages[0] == pages[1]


class TestReviewing:
    def test_everything_is_shown_when_everything_may_be(self, learns):
        who = learns()
        hand_in(who, "Kepala bidang", "7", " DEPO ")
        choice, years, word = review(who)
        assert choice.earned == 0
        assert (choice.verdict, choice.explanation_html) == ("wrong", "<p>Penjelasan.</p>")
        assert {(c.html, c.chosen, c.right, c.feedback_html) for c in choice.choices} == {
            ("<p>Kepala bidang</p>", True, False, "<p>Salinan.</p>"),
            ("<p>Unit kearsipan</p>", False, True, "<p>Betul.</p>"),
        }
        assert (years.earned, years.verdict, years.feedback_html) == (
            Fraction(1, 2),
            "partly",
            "<p>Hampir.</p>",
        )
        assert (years.text, years.read_as, word.text, word.read_as) == ("7", "7", " DEPO ", None)
        assert years.right_answers == ("1.234,5", "6 - 8")  # a line without credit is no right answer
        assert word.earned == 1
        assert (word.verdict, word.right_answers) == ("right", ("Depo",))

    def test_feedback_of_a_line_without_credit_is_shown(self, learns):
        who = learns()
        hand_in(who, None, "9", None)
        assert (review(who)[1].feedback_html, review(who)[1].verdict) == ("<p>Bukan.</p>", "wrong")

    @pytest.mark.parametrize(("score", "answers"), [(True, False), (False, True), (False, False)])
    def test_what_may_not_be_shown_is_not_in_there(self, learns, score, answers):
        who = learns()
        hand_in(who, "Unit kearsipan", "7", "gudang")
        for question in review(who, score=score, answers=answers):
            assert (question.earned is None) is (not score)
            hidden = (question.verdict, question.feedback_html, question.explanation_html)
            rights = [choice.right for choice in question.choices]
            if not answers:
                assert hidden == (None, None, None)
                assert question.right_answers == ()
                assert set(rights) <= {None}
                assert {choice.feedback_html for choice in question.choices} <= {None}
            else:
                assert question.verdict is not None
                assert None not in rights

    def test_without_answers_the_words_of_the_key_are_nowhere(self, learns):
        who = learns()
        hand_in(who, "Kepala bidang", "7", "x")
        told = repr([asdict(question) for question in review(who, score=True, answers=False)])
        for secret in ("Salinan", "Betul", "Penjelasan", "Hampir", "1.234", "Depo", "right=True"):
            assert secret not in told

    def test_choices_are_shown_in_the_order_they_had(self, learns):
        who = learns()
        before = [choice.html for choice in page(who)[0].choices]
        hand_in(who, None, None, None)
        assert [choice.html for choice in review(who)[0].choices] == before


def tried(*passed: bool | None) -> list[Attempt]:
    """Attempts with these results; None: still open."""
    return [
        Attempt(number=n, state="open" if result is None else "graded", passed=result)
        for n, result in enumerate(passed, 1)
    ]


@pytest.mark.parametrize(
    ("rule", "allowed", "results", "shown"),
    [
        ("now", 3, [False], True),
        ("now", 0, [False], True),
        ("never", 3, [True], False),
        ("never", 1, [False], False),
        ("after-pass", 3, [False], False),
        ("after-pass", 3, [False, True], True),
        ("after-pass", 3, [True, False], True),
        ("after-pass", 1, [False], False),
        ("after-pass", 3, [False, None], False),
        ("after-last-attempt", 2, [False], False),
        ("after-last-attempt", 2, [False, None], False),  # the last one is still open
        ("after-last-attempt", 2, [False, False], True),
        ("after-last-attempt", 2, [True], True),  # passed: no other attempt is needed
        ("after-last-attempt", 0, [False] * 20, False),  # there is always another
    ],
)
def test_when_a_score_or_the_answers_may_be_shown(rule, allowed, results, shown):
    rules = step("ujian", "graded").quiz
    assert rules is not None
    assert may_show(rule, replace(rules, attempts=allowed), tried(*results)) is shown
