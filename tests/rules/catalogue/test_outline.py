"""The outline of an edition: everything a learner walks through, kept exactly through its column."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from courses.authoring.course import (
    CertificateKind,
    CertificateRule,
    Course,
    Issue,
    Kind,
    Lesson,
    Module,
    Order,
    Prose,
    Quiz,
    Reveal,
    Show,
)
from courses.catalogue.outline import Outline, from_data, outline_of, to_data
from courses.database import canonical_json
from tests.rules.catalogue.drafts import BANKS, QUIZ, courses, rendered

LESSON = Lesson("nilai", "Tujuh nilai", Prose("..."), objectives=("Tahu",), minimum=timedelta(minutes=3))
COURSE = Course(
    slug="arsip",
    title="Arsip",
    hours=Decimal("1.50"),
    kind=Kind.TECHNICAL,
    certificate=CertificateRule(CertificateKind.PASSED, Issue.AUTOMATIC, "2y"),
    parts=(Module("awal", "Awal", (LESSON,)), Quiz("ujian", "Ujian")),
    banks=BANKS,
)


def quiz_in_outline(quiz: Quiz) -> Outline:
    course = replace(COURSE, parts=(replace(quiz, id="ujian"),))
    return outline_of(course, rendered(course))


@given(courses())
def test_an_outline_comes_back_from_its_column_as_it_was(course):
    outline = outline_of(course, rendered(course))
    stored = canonical_json(to_data(outline))
    assert from_data(json.loads(stored)) == outline
    assert canonical_json(to_data(from_data(json.loads(stored)))) == stored
    hash(outline)  # frozen to the bottom: no list stayed a list


@given(courses())
def test_steps_stand_in_the_order_they_are_walked_and_know_their_module(course):
    outline = outline_of(course, rendered(course))
    assert [step.id for step in outline.steps] == [step.id for step in course.steps]
    modules = [part for part in course.parts if isinstance(part, Module)]
    assert [module.id for module in outline.modules] == [module.id for module in modules]
    for step in outline.steps:
        within = [n for n, module in enumerate(modules) if step.id in {one.id for one in module.steps}]
        assert ([step.module] if step.module is not None else []) == within


@given(courses())
def test_minutes_add_up(course):
    outline = outline_of(course, rendered(course))
    outside = sum(step.minutes for step in outline.steps if step.module is None)
    assert outline.minutes == sum(module.minutes for module in outline.modules) + outside
    assert outline.minutes == sum(5 + n for n in range(len(course.steps)))


def test_a_lesson_keeps_what_its_author_said():
    step = outline_of(COURSE, rendered(COURSE)).step("nilai")
    assert step is not None
    assert (step.title, step.minimum, step.objectives, step.module, step.quiz) == (
        "Tujuh nilai",
        180,
        ("Tahu",),
        0,
        None,
    )


def test_a_course_keeps_its_rules():
    outline = outline_of(COURSE, rendered(COURSE))
    assert (outline.hours, outline.kind, outline.sequential, outline.needs_pass) == (
        Decimal("1.50"),
        "teknis",
        True,
        True,
    )
    assert (outline.certificate_issue, outline.certificate_valid) == ("automatic", "2y")
    assert outline.modules[0].intro_html == "<p>awal</p>"
    assert outline.step("hilang") is None


@pytest.mark.parametrize(("kind", "needs_pass"), [("lulus", True), ("keikutsertaan", False)])
def test_only_a_course_to_be_passed_asks_for_passing(kind, needs_pass):
    course = replace(COURSE, certificate=CertificateRule(CertificateKind(kind)))
    assert outline_of(course, rendered(course)).needs_pass is needs_pass


@pytest.mark.parametrize(("order", "sequential"), [(Order.SEQUENTIAL, True), (Order.FREE, False)])
def test_the_order_is_kept(order, sequential):
    course = replace(COURSE, order=order)
    assert outline_of(course, rendered(course)).sequential is sequential


@pytest.mark.parametrize(
    ("own", "of_course", "mark"),
    [(None, "70", "70"), ("200/3", "70", "200/3"), ("0", "70", "0"), (None, "200/3", "200/3")],
)
def test_a_quiz_without_a_mark_has_the_courses_and_a_mark_of_nothing_is_one(own, of_course, mark):
    quiz = Quiz("ujian", "Ujian", pass_percent=None if own is None else Fraction(own))
    course = replace(COURSE, parts=(quiz,), pass_percent=Fraction(of_course))
    [step] = outline_of(course, rendered(course)).steps
    assert step.quiz is not None
    assert step.quiz.pass_percent == Fraction(mark)


@pytest.mark.parametrize(
    ("sources", "draw", "asked"),
    [
        ((), None, 0),
        (("bank/satu",), None, 3),
        (("bank/satu", "bank/dua"), None, 8),
        (("bank/satu", "bank/dua"), 4, 4),
    ],
)
def test_a_quiz_says_how_many_questions_it_will_ask(sources, draw, asked):
    [step] = quiz_in_outline(Quiz("ujian", "Ujian", sources=sources, draw=draw)).steps
    assert step.quiz is not None
    assert step.quiz.questions == asked


@given(QUIZ)
def test_the_rules_of_a_quiz_are_kept_as_written(quiz):
    [step] = quiz_in_outline(quiz).steps
    rules = step.quiz
    assert rules is not None
    assert rules.time == (None if quiz.time is None else quiz.time.total_seconds())
    assert (rules.graded, rules.attempts, rules.role, rules.sources, rules.draw) == (
        quiz.graded,
        quiz.attempts,
        quiz.role,
        quiz.sources,
        quiz.draw,
    )
    assert (rules.shuffle_questions, rules.shuffle_choices) == (quiz.shuffle_questions, quiz.shuffle_choices)
    assert (rules.show_score, rules.show_answers) == (quiz.show.score.value, quiz.show.answers.value)


@given(QUIZ)
def test_the_outline_holds_no_key(quiz):
    keyless = replace(quiz, questions=tuple(replace(q, hint=None) for q in quiz.questions))
    data = canonical_json(to_data(quiz_in_outline(replace(keyless, show=Show(Reveal.NOW, Reveal.NEVER)))))
    for word in ("right", "credit", "weight", "feedback", "explanation", 'answers":['):
        assert word not in data
