"""Invented courses for tests of the catalogue: written values, with the HTML that rendering would give."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from courses.authoring.course import (
    Answers,
    CertificateKind,
    CertificateRule,
    Choice,
    Course,
    Issue,
    Kind,
    Lesson,
    Module,
    NumberAnswers,
    NumberKey,
    Order,
    Prose,
    Question,
    Quiz,
    Reveal,
    SeveralChoices,
    Show,
    SingleChoice,
    Step,
    TextAnswers,
    TextKey,
)
from courses.authoring.rendered import (
    RenderedChoice,
    RenderedCourse,
    RenderedLesson,
    RenderedQuestion,
    RenderedQuiz,
)

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)
SHARES = st.fractions(-1, 1, max_denominator=8)
NUMBERS = st.decimals(-(10**6), 10**6, places=3, allow_nan=False)
PROSE = st.builds(Prose, TEXT)
FEEDBACK = st.one_of(st.none(), PROSE)
CHOICE = st.builds(Choice, PROSE, st.booleans(), st.one_of(st.none(), SHARES), FEEDBACK)
CHOICES = st.lists(CHOICE, min_size=1, max_size=4).map(tuple)
CHOSEN: st.SearchStrategy[Answers] = st.one_of(CHOICES.map(SingleChoice), CHOICES.map(SeveralChoices))
NUMBER_KEYS = st.lists(st.builds(NumberKey, NUMBERS, NUMBERS, SHARES, FEEDBACK), min_size=1, max_size=3)
TEXT_KEYS = st.lists(st.builds(TextKey, TEXT, SHARES, FEEDBACK), min_size=1, max_size=3)
WRITTEN: st.SearchStrategy[Answers] = st.one_of(
    NUMBER_KEYS.map(lambda keys: NumberAnswers(tuple(keys))),
    TEXT_KEYS.map(lambda keys: TextAnswers(tuple(keys))),
)
ANSWERS = st.one_of(CHOSEN, WRITTEN)
QUESTION = st.builds(
    Question,
    id=st.just("q"),
    heading=PROSE,
    answers=ANSWERS,
    body=PROSE,
    points=st.fractions(0, 10, max_denominator=4),
    hint=FEEDBACK,
    explanation=FEEDBACK,
)
SHOW = st.builds(Show, st.sampled_from(Reveal), st.sampled_from(Reveal))
QUIZ = st.builds(
    Quiz,
    id=st.just(""),
    title=TEXT,
    questions=st.lists(QUESTION, max_size=2).map(tuple),
    graded=st.booleans(),
    role=st.sampled_from([None, "pretest", "posttest"]),
    pass_percent=st.one_of(st.none(), st.fractions(0, 100)),
    attempts=st.integers(0, 5),
    time=st.one_of(st.none(), st.integers(1, 10_000).map(lambda seconds: timedelta(seconds=seconds))),
    shuffle_questions=st.booleans(),
    shuffle_choices=st.booleans(),
    sources=st.sampled_from([(), ("bank/satu",), ("bank/satu", "bank/dua")]),
    draw=st.one_of(st.none(), st.integers(1, 4)),
    show=SHOW,
)
LESSON = st.builds(
    Lesson,
    id=st.just(""),
    title=TEXT,
    body=PROSE,
    objectives=st.lists(TEXT, max_size=2).map(tuple),
    minimum=st.one_of(st.none(), st.integers(0, 900).map(lambda seconds: timedelta(seconds=seconds))),
)
BANKS = tuple(
    Quiz(
        name,
        name,
        questions=tuple(Question(f"{name[-2:]}{n}", Prose("?"), SingleChoice(())) for n in range(size)),
    )
    for name, size in (("bank/satu", 3), ("bank/dua", 5))
)


@st.composite
def courses(draw) -> Course:
    """A course of modules and of steps outside modules, every step with an id of its own."""
    count = draw(st.integers(0, 6))
    steps = [replace(draw(st.one_of(LESSON, QUIZ)), id=f"s{n}") for n in range(count)]
    return Course(
        slug="arsip",
        title=draw(TEXT),
        hours=draw(st.decimals(Decimal("0.25"), 200, places=2)),
        kind=draw(st.sampled_from(Kind)),
        certificate=CertificateRule(
            draw(st.sampled_from(CertificateKind)),
            draw(st.sampled_from(Issue)),
            draw(st.sampled_from([None, "2y"])),
        ),
        summary=draw(TEXT),
        competency=draw(st.one_of(st.none(), TEXT)),
        level=draw(st.one_of(st.none(), st.integers(1, 5))),
        objectives=tuple(draw(st.lists(TEXT, max_size=2))),
        requires=tuple(draw(st.lists(TEXT, max_size=2))),
        order=draw(st.sampled_from(Order)),
        pass_percent=draw(st.fractions(0, 100)),
        partners=tuple(draw(st.lists(TEXT, max_size=2))),
        siasn_kind=draw(st.one_of(st.none(), st.integers(1, 25))),
        parts=tuple(_parts(draw, steps)),
        banks=BANKS,
    )


def _parts(draw: st.DrawFn, steps: Sequence[Step]) -> Sequence[Module | Step]:
    parts: list[Module | Step] = []
    for n, one in enumerate(steps):
        last = parts[-1] if parts else None
        where = draw(st.sampled_from(["alone", "new module", "last module"]))
        if where == "last module" and isinstance(last, Module):
            parts[-1] = replace(last, steps=(*last.steps, one))
        else:
            parts.append(one if where == "alone" else Module(f"m{n}", draw(TEXT), (one,)))
    return parts


def rendered_question(question: Question) -> RenderedQuestion:
    """What rendering makes of a question, marked so that a test sees where each piece went."""
    answers = question.answers
    if isinstance(answers, SingleChoice | SeveralChoices):
        lines = [RenderedChoice(f"<p>{c.text.text}</p>", _html(c.feedback)) for c in answers.choices]
    else:
        lines = [RenderedChoice("", _html(key.feedback)) for key in answers.keys]
    return RenderedQuestion(
        heading_html=f"<b>{question.heading.text}</b>",
        body_html=question.body.text,
        choices=tuple(lines),
        hint_html=_html(question.hint),
        explanation_html=_html(question.explanation),
    )


def rendered(course: Course, *, minutes: int = 5) -> RenderedCourse:
    """A rendering of a course; step number n (from 0) takes `minutes + n`."""
    lessons, quizzes = {}, {}
    for n, one in enumerate(course.steps):
        if isinstance(one, Lesson):
            lessons[one.id] = RenderedLesson("<p>x</p>", (), 1, minutes + n)
        else:
            questions = {question.id: rendered_question(question) for question in one.questions}
            quizzes[one.id] = RenderedQuiz("", questions, minutes + n)
    modules = {part.id: f"<p>{part.id}</p>" for part in course.parts if isinstance(part, Module)}
    return RenderedCourse("<p>desc</p>", modules, lessons, quizzes, {})


def _html(prose: Prose | None) -> str | None:
    return None if prose is None else f"<i>{prose.text}</i>"
