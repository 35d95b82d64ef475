"""The outline of an edition: the steps a learner walks through and their rules. Pure values, no key."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from courses.authoring.course import CertificateKind, Course, Lesson, Module, Order, Quiz, Step
from courses.authoring.rendered import RenderedCourse


@dataclass(frozen=True, slots=True)
class QuizRules:
    """How a quiz is taken. `pass_percent` is exact, `time` in seconds, `draw` counted from `sources`."""

    graded: bool
    pass_percent: Fraction
    attempts: int
    time: int | None
    shuffle_questions: bool
    shuffle_choices: bool
    sources: tuple[str, ...]
    draw: int | None
    show_score: str
    show_answers: str
    role: str | None
    questions: int


@dataclass(frozen=True, slots=True)
class OutlineStep:
    """A lesson (`quiz` is None) or a quiz. `minimum` in seconds, None where the lesson does not say."""

    id: str
    title: str
    minutes: int
    module: int | None
    minimum: int | None = None
    objectives: tuple[str, ...] = ()
    quiz: QuizRules | None = None


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module: its title, its introduction as clean HTML, its minutes."""

    id: str
    title: str
    intro_html: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Outline:
    """An edition without its pages. Steps stand in the order they are walked; `module` indexes `modules`."""

    title: str
    summary: str
    lang: str
    hours: Decimal
    kind: str
    level: int | None
    competency: str | None
    objectives: tuple[str, ...]
    requires: tuple[str, ...]
    sequential: bool
    provider: str
    partners: tuple[str, ...]
    siasn_kind: int | None
    certificate_kind: str
    certificate_issue: str
    certificate_valid: str | None
    modules: tuple[OutlineModule, ...]
    steps: tuple[OutlineStep, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all steps."""
        return sum(step.minutes for step in self.steps)

    @property
    def needs_pass(self) -> bool:
        """Whether completion asks for graded quizzes to be passed, not only submitted."""
        return self.certificate_kind == CertificateKind.PASSED

    def step(self, step_id: str) -> OutlineStep | None:
        """The step with that id, if there is one."""
        return next((step for step in self.steps if step.id == step_id), None)


def outline_of(course: Course, rendered: RenderedCourse) -> Outline:
    """Draw the outline of a course that was read and rendered."""
    rule = course.certificate
    return Outline(
        title=course.title,
        summary=course.summary,
        lang=course.lang,
        hours=course.hours,
        kind=course.kind.value,
        level=course.level,
        competency=course.competency,
        objectives=course.objectives,
        requires=course.requires,
        sequential=course.order is Order.SEQUENTIAL,
        provider=course.provider,
        partners=course.partners,
        siasn_kind=course.siasn_kind,
        certificate_kind=rule.kind.value,
        certificate_issue=rule.issue.value,
        certificate_valid=rule.valid,
        modules=tuple(_modules(course, rendered)),
        steps=tuple(_steps(course, rendered)),
    )


def to_data(outline: Outline) -> dict[str, Any]:
    """Plain data for a JSON column; numbers that must stay exact become text."""
    data: dict[str, Any] = asdict(outline)
    data["hours"] = str(outline.hours)
    for step in data["steps"]:
        if step["quiz"]:
            step["quiz"]["pass_percent"] = str(step["quiz"]["pass_percent"])
    return data


def from_data(data: Mapping[str, Any]) -> Outline:
    """The outline back from `to_data`."""
    values = dict(data)
    values["hours"] = Decimal(values["hours"])
    for name in ("objectives", "requires", "partners"):
        values[name] = tuple(values[name])
    values["modules"] = tuple(OutlineModule(**module) for module in values["modules"])
    values["steps"] = tuple(_step_from(step) for step in values["steps"])
    return Outline(**values)


def _step_from(data: Mapping[str, Any]) -> OutlineStep:
    values = dict(data)
    values["objectives"] = tuple(values["objectives"])
    if values["quiz"]:
        rules = dict(values["quiz"])
        rules["pass_percent"] = Fraction(rules["pass_percent"])
        rules["sources"] = tuple(rules["sources"])
        values["quiz"] = QuizRules(**rules)
    return OutlineStep(**values)


def _modules(course: Course, rendered: RenderedCourse) -> Iterator[OutlineModule]:
    for part in course.parts:
        if isinstance(part, Module):
            minutes = sum(_minutes(step, rendered) for step in part.steps)
            yield OutlineModule(part.id, part.title, rendered.modules.get(part.id, ""), minutes)


def _steps(course: Course, rendered: RenderedCourse) -> Iterator[OutlineStep]:
    index = -1
    for part in course.parts:
        if isinstance(part, Module):
            index += 1
            for step in part.steps:
                yield _step(course, step, index, rendered)
        else:
            yield _step(course, part, None, rendered)


def _step(course: Course, step: Step, module: int | None, rendered: RenderedCourse) -> OutlineStep:
    minutes = _minutes(step, rendered)
    if isinstance(step, Lesson):
        minimum = None if step.minimum is None else int(step.minimum.total_seconds())
        return OutlineStep(step.id, step.title, minutes, module, minimum, step.objectives)
    return OutlineStep(step.id, step.title, minutes, module, quiz=_rules(course, step))


def _minutes(step: Step, rendered: RenderedCourse) -> int:
    found = rendered.lessons if isinstance(step, Lesson) else rendered.quizzes
    return found[step.id].minutes


def _rules(course: Course, quiz: Quiz) -> QuizRules:
    return QuizRules(
        graded=quiz.graded,
        pass_percent=course.pass_percent if quiz.pass_percent is None else quiz.pass_percent,
        attempts=quiz.attempts,
        time=None if quiz.time is None else int(quiz.time.total_seconds()),
        shuffle_questions=quiz.shuffle_questions,
        shuffle_choices=quiz.shuffle_choices,
        sources=quiz.sources,
        draw=quiz.draw,
        show_score=quiz.show.score.value,
        show_answers=quiz.show.answers.value,
        role=quiz.role,
        questions=_question_count(course, quiz),
    )


def _question_count(course: Course, quiz: Quiz) -> int:
    held = sum(len(bank.questions) for bank in course.banks if bank.id in quiz.sources)
    return len(quiz.questions) + (held if quiz.draw is None else quiz.draw)
