"""The steps of a course as pages show them: modules and steps with their addresses and states."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import get_template_attribute, url_for
from flask_babel import gettext
from markupsafe import Markup

from courses.catalogue.editions import EditionView
from courses.catalogue.outline import OutlineStep
from courses.learning.progress import Records, is_done, open_steps


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in an outline. `state`: done, open or locked."""

    id: str
    title: str
    kind: str
    url: str
    minutes: int
    state: str


@dataclass(frozen=True, slots=True)
class ModuleView:
    """A module, or a run of steps that stand in none."""

    title: str
    steps: tuple[StepView, ...]
    intro_html: Markup


def step_url(slug: str, step: OutlineStep) -> str:
    """The address of a step."""
    if step.quiz is not None:
        return url_for("learn.quiz", course=slug, quiz=step.id)
    return url_for("learn.lesson", course=slug, lesson=step.id)


def modules(view: EditionView, records: Records | None) -> tuple[ModuleView, ...]:
    """The outline of an edition for a learner with these records; None: for a visitor."""
    opened = frozenset[str]() if records is None else open_steps(view.outline, records)
    groups: list[tuple[int | None, list[StepView]]] = []
    for step in view.outline.steps:
        if not groups or groups[-1][0] != step.module:
            groups.append((step.module, []))
        groups[-1][1].append(_step(view, step, records or {}, opened))
    return tuple(_module(view, index, steps) for index, steps in groups)


def outline_html(view: EditionView, records: Records, current: str) -> Markup:
    """The outline beside a lesson."""
    macro: Callable[..., str] = get_template_attribute("macros/outline.html", "outline")
    return Markup(macro(modules(view, records), current))  # noqa: S704 - our own template escaped it


def _step(view: EditionView, step: OutlineStep, records: Records, opened: frozenset[str]) -> StepView:
    state = "open" if step.id in opened else "locked"
    if is_done(view.outline, step, records):
        state = "done"
    kind = "lesson" if step.quiz is None else "quiz"
    return StepView(step.id, step.title, kind, step_url(view.slug, step), step.minutes, state)


def _module(view: EditionView, index: int | None, steps: list[StepView]) -> ModuleView:
    if index is None:
        return ModuleView(
            gettext("Penutup") if len(view.outline.modules) else gettext("Isi"), tuple(steps), Markup()
        )
    module = view.outline.modules[index]
    intro = Markup(module.intro_html)  # noqa: S704 - cleaned when the edition was published
    return ModuleView(f"{index + 1}. {module.title}", tuple(steps), intro)
