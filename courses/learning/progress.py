"""Progress and order: what is done, what is open, what comes next. Pure rules over outline and records.

A record maps a step id to None (read, or practised) or to whether a graded quiz was passed. Records of steps
that the edition no longer has change nothing, so no percentage passes 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from courses.catalogue.outline import Outline, OutlineStep

Records = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far: steps done of all, and what to do next (None: nothing is left)."""

    done: int
    total: int
    next_step: OutlineStep | None

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means everything."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def complete(self) -> bool:
        """Whether every step is done."""
        return self.total > 0 and self.done == self.total


def is_done(outline: Outline, step: OutlineStep, records: Records) -> bool:
    """Whether a step counts: a graded quiz must be passed for a `lulus` course, submitted for the other."""
    if step.id not in records:
        return False
    if step.quiz is not None and step.quiz.graded and outline.needs_pass:
        return records[step.id] is True
    return True


def opens_next(step: OutlineStep, records: Records) -> bool:
    """Whether a step lets the next one open: a graded quiz once passed, anything else once done."""
    if step.quiz is not None and step.quiz.graded:
        return records.get(step.id) is True
    return step.id in records


def open_steps(outline: Outline, records: Records) -> frozenset[str]:
    """The ids of the steps a learner may enter. What was done stays open, whatever comes before it."""
    if not outline.sequential:
        return frozenset(step.id for step in outline.steps)
    opened = {step.id for step in outline.steps if step.id in records}
    for step in outline.steps:
        opened.add(step.id)
        if not opens_next(step, records):
            break
    return frozenset(opened)


def progress(outline: Outline, records: Records) -> Progress:
    """Count what is done and find what comes next."""
    done = [step for step in outline.steps if is_done(outline, step, records)]
    counted = Progress(len(done), len(outline.steps), None)
    return counted if counted.complete else replace(counted, next_step=_next(outline, records))


def _next(outline: Outline, records: Records) -> OutlineStep | None:
    """The first open step that is not done, or that counts but holds up the next: an exam not passed yet."""
    opened = open_steps(outline, records)
    for step in outline.steps:
        holds_up = outline.sequential and not opens_next(step, records)
        if step.id in opened and (holds_up or not is_done(outline, step, records)):
            return step
    return None
