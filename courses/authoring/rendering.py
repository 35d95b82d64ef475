"""A `Course` of Markdown -> the `RenderedCourse` of cleaned HTML, made once, at publishing.

Every text goes through the child process; one that is refused is a problem at its place, and the others are
still rendered, so that an author sees all of them at once.
"""

import math
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from courses.authoring.addresses import Target, targets
from courses.authoring.codes import N_
from courses.authoring.course import (
    Choice,
    Course,
    Lesson,
    Module,
    NumberKey,
    Prose,
    Question,
    Quiz,
    TextKey,
)
from courses.authoring.keeper import Keeper
from courses.authoring.limits import LONGEST, SECONDS, Reason, TextRefused
from courses.authoring.pieces import Mode, Piece
from courses.authoring.problems import Problem, Severity
from courses.authoring.reading_time import headings_of, minutes_of, words_of
from courses.authoring.rendered import (
    RenderedChoice,
    RenderedCourse,
    RenderedLesson,
    RenderedQuestion,
    RenderedQuiz,
)
from courses.authoring.source import Source

KEEPER = Keeper()
"""The rendering child of this process."""

REFUSALS: Mapping[Reason, str] = {
    Reason.LENGTH: N_("The text is longer than %(limit)s characters: divide it."),
    Reason.DEPTH: N_("Quotes, lists or HTML stand too deeply inside each other here."),
    Reason.TANGLE: N_("The text has too many signs like [, * or < for its length."),
    Reason.TIME: N_("Rendering the text takes longer than %(seconds)s seconds."),
    Reason.MEMORY: N_("Rendering the text takes too much memory."),
    Reason.FAILURE: N_("The text can't be rendered."),
}
"""What `render-refused` says for each reason."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The rendered course, or None where a text was refused; `problems` names each with its place."""

    course: RenderedCourse | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """A quiz or bank as its author wrote it, and what it looks like."""

    quiz: Quiz
    rendered: RenderedQuiz


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """What a file looks like: its text, and its questions where it asks; `problems` of rendering it."""

    html: str
    part: RenderedPart | None
    problems: tuple[Problem, ...]


def render(course: Course, source: Source) -> Rendering:
    """Render every text of a course.

    Args:
        course: as `parse` made it from the source.
        source: the files, for the size of pictures.
    """
    work = _Work(course, source)
    rendered = RenderedCourse(
        description_html=work.blocks(course.description, "description"),
        modules={
            part.id: work.blocks(part.intro, part.id) for part in course.parts if isinstance(part, Module)
        },
        lessons={step.id: work.lesson(step) for step in course.steps if isinstance(step, Lesson)},
        quizzes={step.id: work.quiz(step) for step in course.steps if isinstance(step, Quiz)},
        banks={bank.id: work.quiz(bank) for bank in course.banks},
    )
    return Rendering(None if work.problems else rendered, tuple(work.problems))


def render_file(course: Course, source: Source, path: str) -> RenderedFile | None:
    """Render one file of a course by itself, for whoever is writing it; None where it can't be read.

    Args:
        course: a course, or as much of one as could be read.
        source: the files.
        path: course.md, a module.md, a lesson, a quiz or a bank.
    """
    work = _Work(course, source)
    if path == course.place.path:
        return RenderedFile(work.blocks(course.description, "description"), None, tuple(work.problems))
    modules = (part for part in course.parts if isinstance(part, Module))
    part = next((one for one in (*modules, *course.steps, *course.banks) if one.place.path == path), None)
    if part is None:
        return None
    if isinstance(part, Quiz):
        quiz = work.quiz(part)
        return RenderedFile(quiz.intro_html, RenderedPart(part, quiz), tuple(work.problems))
    html = work.lesson(part).html if isinstance(part, Lesson) else work.blocks(part.intro, part.id)
    return RenderedFile(html, None, tuple(work.problems))


def render_piece(text: str, *, inline: bool = False, lang: str = "id") -> str:
    """Render one text by itself, for a preview: links into a course and its pictures have no address there.

    Raises:
        TextRefused: the text asks for more than one text may.
    """
    answer = KEEPER.answer(Piece(text, Mode.LINE if inline else Mode.BLOCKS, lang))
    if answer.refused:
        raise TextRefused(answer.refused)
    return answer.html


class _Work:
    """One course being rendered, and the problems so far."""

    def __init__(self, course: Course, source: Source) -> None:
        self._course = course
        self._targets: dict[str, Target] = targets(course, source)
        self._banks = {bank.id: bank for bank in course.banks}
        self.problems: list[Problem] = []

    def blocks(self, prose: Prose | None, name: str) -> str:
        return self._html(prose, Mode.BLOCKS, name)

    def lesson(self, lesson: Lesson) -> RenderedLesson:
        html = self._html(lesson.body, Mode.PAGE, "")
        minutes = lesson.minutes or minutes_of(html)
        return RenderedLesson(html, headings_of(html), words_of(html), minutes)

    def quiz(self, quiz: Quiz) -> RenderedQuiz:
        questions = {question.id: self._question(question) for question in quiz.questions}
        return RenderedQuiz(self.blocks(quiz.intro, "intro"), questions, self._minutes(quiz))

    def _question(self, question: Question) -> RenderedQuestion:
        answers = question.answers
        choices = answers.choices if hasattr(answers, "choices") else answers.keys
        return RenderedQuestion(
            heading_html=self._html(question.heading, Mode.LINE, question.id),
            body_html=self.blocks(question.body, f"{question.id}.body"),
            choices=tuple(
                self._choice(choice, f"{question.id}.{number}")
                for number, choice in enumerate(choices, start=1)
            ),
            hint_html=self._optional(question.hint, f"{question.id}.hint"),
            explanation_html=self._optional(question.explanation, f"{question.id}.explanation"),
        )

    def _choice(self, choice: Choice | NumberKey | TextKey, name: str) -> RenderedChoice:
        html = _without_paragraph(self.blocks(choice.text, name)) if isinstance(choice, Choice) else ""
        return RenderedChoice(html, self._optional(choice.feedback, f"{name}.feedback"))

    def _optional(self, prose: Prose | None, name: str) -> str | None:
        return self.blocks(prose, name) if prose else None

    def _html(self, prose: Prose | None, mode: Mode, name: str) -> str:
        if not prose:
            return ""
        folder = posixpath.dirname(prose.place.path)
        known = self._targets if _may_link(prose.text) else {}
        answer = KEEPER.answer(Piece(prose.text, mode, self._course.lang, name, folder, known))
        if answer.refused:
            self.problems.append(_problem(prose, answer.refused))
        return answer.html

    def _minutes(self, quiz: Quiz) -> int:
        """As the author said, else the time limit, else a minute for each question that will be asked."""
        if quiz.minutes:
            return quiz.minutes
        if quiz.time:
            return max(1, math.ceil(quiz.time.total_seconds() / 60))
        held = sum(len(self._banks[name].questions) for name in quiz.sources if name in self._banks)
        drawn = held if quiz.draw is None else quiz.draw
        return max(1, len(quiz.questions) + drawn)


def _problem(prose: Prose, reason: Reason) -> Problem:
    facts = {"limit": LONGEST, "seconds": SECONDS}
    return Problem(prose.place, Severity.ERROR, "render-refused", REFUSALS[reason], facts)


def _may_link(text: str) -> bool:
    return "[" in text


def _without_paragraph(html: str) -> str:
    """A choice is a label: a single paragraph becomes its text, anything longer stays in blocks."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if len(inner) + len("<p></p>") == len(html) and "<p" not in inner else html
