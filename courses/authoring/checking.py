"""What only a whole course can check: ids that meet, quizzes and banks that belong together, honest hours."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from courses.authoring.advice import WORDS_A_MINUTE
from courses.authoring.course import CertificateKind, Lesson, Place, Quiz
from courses.authoring.findings import Findings
from courses.authoring.matter import CourseMatter, closest_first
from courses.authoring.steps import ReadStep

MINUTES_PER_JP = 45

_FAR = Fraction(3, 5)
"""How far what a course says may be from what its pages take, either way."""


def check_ids(named: Iterable[tuple[str, str, Place]], found: Findings) -> None:
    """Find an id that was given before. `named` are (id, path, place of the id), in course order."""
    first: dict[str, str] = {}
    for id_, path, place in named:
        other = first.setdefault(id_, path)
        if other != path:
            found.add("id-twice", place, id=id_, other=other)


def check_completions(steps: Sequence[ReadStep], found: Findings) -> None:
    """Find a lesson that waits for a quiz which isn't there."""
    quizzes = {step.id for step in steps if step.path.endswith(".quiz.md")}
    for step in steps:
        rule = step.step.complete if isinstance(step.step, Lesson) else "read"
        if step.front and rule != "read" and rule.removeprefix("quiz:") not in quizzes:
            found.add("unknown-quiz", step.front.place("complete"), id=rule.removeprefix("quiz:"))


def check_banks(steps: Sequence[ReadStep], banks: Sequence[ReadStep], found: Findings) -> None:
    """Find banks that aren't there, that hold too little, or that nobody draws from."""
    held = {bank.id: bank.asked for bank in banks}
    used: set[str] = set()
    for step in steps:
        if isinstance(step.step, Quiz):
            used.update(step.step.sources)
            _check_draw(step, step.step, held, found)
    for bank in banks:
        if bank.id not in used:
            found.add("bank-unused", Place(bank.path))


def check_certificate(matter: CourseMatter, steps: Iterable[ReadStep], found: Findings) -> None:
    """Warn of a certificate of passing in a course where nothing can be failed."""
    graded = any(isinstance(step.step, Quiz) and step.step.graded for step in steps)
    if matter.certificate.kind is CertificateKind.PASSED and not graded:
        found.add("nothing-graded", Place("course.md"))


def check_hours(
    matter: CourseMatter, place: Place, steps: Sequence[ReadStep], banks: Sequence[ReadStep], found: Findings
) -> None:
    """Warn of hours far from the minutes that the pages say or seem to take."""
    said = Fraction(matter.hours) * MINUTES_PER_JP
    held = {bank.id: bank.asked for bank in banks}
    estimated = sum(_minutes(step, held) for step in steps)
    if estimated and not _FAR <= said / estimated <= 1 / _FAR:
        found.add("hours-far", place, said=round(said), hours=str(matter.hours), estimated=estimated)


def _check_draw(step: ReadStep, quiz: Quiz, held: Mapping[str, int], found: Findings) -> None:
    if step.front is None:
        return
    unknown = [bank for bank in quiz.sources if bank not in held]
    for bank in unknown:
        place = step.front.place("from", quiz.sources.index(bank))
        found.add("unknown-bank", place, bank=bank, known=closest_first(bank, list(held)))
    total = sum(held[bank] for bank in quiz.sources if bank in held)
    if quiz.draw and quiz.sources and not unknown and quiz.draw > total:
        found.add("draw-too-large", step.front.place("draw"), draw=quiz.draw, held=total)


def _minutes(step: ReadStep, held: Mapping[str, int]) -> int:
    value = step.step
    if value is None:
        return 0
    if value.minutes:
        return value.minutes
    if isinstance(value, Lesson):
        return max(1, round(step.words / WORDS_A_MINUTE))
    if value.time:
        return round(value.time.total_seconds() / 60)
    return step.asked + (value.draw or sum(held.get(bank, 0) for bank in value.sources))
