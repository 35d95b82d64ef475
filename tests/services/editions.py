"""Small published courses for tests of services: built as values, no Markdown read, nothing rendered."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.extensions import db
from courses.authoring.course import (
    CertificateKind,
    CertificateRule,
    Choice,
    Course,
    Kind,
    Lesson,
    Media,
    Module,
    NumberAnswers,
    NumberKey,
    Prose,
    Question,
    Quiz,
    SeveralChoices,
    SingleChoice,
    Step,
    TextAnswers,
    TextKey,
)
from courses.authoring.rendered import (
    Heading,
    RenderedChoice,
    RenderedCourse,
    RenderedLesson,
    RenderedQuestion,
    RenderedQuiz,
)
from courses.catalogue.editions import EditionView, edition
from courses.catalogue.publishing import Prepared, Published, publish
from tests.services.crowd import writing

SINGLE = Question(
    "asli",
    Prose("Siapa yang menyimpan arsip asli?"),
    SingleChoice((Choice(Prose("Kepala bidang"), False), Choice(Prose("Unit kearsipan"), True))),
    explanation=Prose("Unit kearsipan."),
)
SEVERAL = Question(
    "pemicu",
    Prose("Pilih semua pemicu."),
    SeveralChoices(
        (Choice(Prose("Kasus"), True), Choice(Prose("Pejabat"), False), Choice(Prose("Kontrak"), True))
    ),
)
NUMBER = Question("tahun", Prose("Berapa tahun?"), NumberAnswers((NumberKey(Decimal(2), Decimal(2)),)))
WORD = Question("singkatan", Prose("Singkatan?"), TextAnswers((TextKey("BerAKHLAK"),)))
QUESTIONS = (SINGLE, SEVERAL, NUMBER)


def lesson(step_id: str, **more: Any) -> Lesson:
    """A page to read."""
    return Lesson(step_id, step_id.title(), Prose("..."), **more)


def practice(step_id: str, **more: Any) -> Quiz:
    """A quiz that is not graded."""
    return Quiz(step_id, step_id.title(), questions=QUESTIONS, **more)


def exam(step_id: str, **more: Any) -> Quiz:
    """A graded quiz of three questions, a point each."""
    return practice(step_id, graded=True, **more)


def course(slug: str, *parts: Module | Step, kind: str = "lulus", **more: Any) -> Course:
    """A course of these parts."""
    values = {"title": slug.title(), "hours": Decimal(6), "kind": Kind.TECHNICAL, **more}
    values.setdefault("certificate", CertificateRule(CertificateKind(kind)))
    return Course(slug=slug, parts=parts, **values)


def prepared(course: Course) -> Prepared:
    """A course as publishing takes it, with HTML that shows where it came from."""
    digest = hashlib.sha256(repr(course).encode()).hexdigest()
    return Prepared(course, _rendered(course), digest, {"course.md": "0" * 64}, ())


def published(course: Course) -> EditionView:
    """The edition of a course, published and committed."""
    made: Published = writing(lambda session: publish(session, prepared(course)))
    with Session(db.engine) as session:
        return edition(session, made.edition_id)


def with_media(course: Course, *sha256s: str) -> Course:
    """The course with pictures of these hashes."""
    media = tuple(Media(f"media/{n}.svg", "image/svg+xml", 10, sha) for n, sha in enumerate(sha256s))
    return replace(course, media=media)


def _rendered(course: Course) -> RenderedCourse:
    lessons = {step.id: _lesson(step) for step in course.steps if isinstance(step, Lesson)}
    quizzes = {step.id: _quiz(step) for step in course.steps if isinstance(step, Quiz)}
    modules = {part.id: f"<p>{part.id}</p>" for part in course.parts if isinstance(part, Module)}
    return RenderedCourse(
        "<p>Isi</p>", modules, lessons, quizzes, {bank.id: _quiz(bank) for bank in course.banks}
    )


def _lesson(step: Lesson) -> RenderedLesson:
    return RenderedLesson(f"<p>{step.id}</p>", (Heading("awal", "Awal", 2),), 1, 5)


def _quiz(quiz: Quiz) -> RenderedQuiz:
    questions = {question.id: _question(question) for question in quiz.questions}
    return RenderedQuiz(f"<p>{quiz.id}</p>", questions, 3)


def _question(question: Question) -> RenderedQuestion:
    answers = question.answers
    if isinstance(answers, SingleChoice | SeveralChoices):
        lines = [
            RenderedChoice(f"<p>{choice.text.text}</p>", _html(choice.feedback)) for choice in answers.choices
        ]
    else:
        lines = [RenderedChoice("", _html(key.feedback)) for key in answers.keys]
    return RenderedQuestion(
        f"<p>{question.heading.text}</p>", "", tuple(lines), _html(question.hint), _html(question.explanation)
    )


def _html(prose: Prose | None) -> str | None:
    return None if prose is None else f"<p>{prose.text}</p>"
