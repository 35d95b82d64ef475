"""What a course looks like: the same shape as `course`, with cleaned HTML where Markdown was.

Everything in here has passed the cleaner and may be put into a page as it is. Made once, at publishing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a lesson, for its table of contents. `level` is 2 or 3."""

    id: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class RenderedLesson:
    """`minutes` as the author said, else estimated from words and pictures, at least 1."""

    html: str
    headings: tuple[Heading, ...]
    words: int
    minutes: int


@dataclass(frozen=True, slots=True)
class RenderedChoice:
    """A choice (or an answer line, whose `html` is empty) with its feedback."""

    html: str
    feedback_html: str | None


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """`choices` stand in the author's order: of the choices, or of the number and text keys."""

    heading_html: str
    body_html: str
    choices: tuple[RenderedChoice, ...]
    hint_html: str | None
    explanation_html: str | None


@dataclass(frozen=True, slots=True)
class RenderedQuiz:
    """A quiz or a bank; `questions` by question id. `minutes`: said, or estimated from its questions."""

    intro_html: str
    questions: Mapping[str, RenderedQuestion]
    minutes: int


@dataclass(frozen=True, slots=True)
class RenderedCourse:
    """All of a course by the ids of its parts; banks by their `from` name, for example `bank/akuntabel`."""

    description_html: str
    modules: Mapping[str, str]
    lessons: Mapping[str, RenderedLesson]
    quizzes: Mapping[str, RenderedQuiz]
    banks: Mapping[str, RenderedQuiz]
