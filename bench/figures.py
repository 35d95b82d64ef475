"""All figures of one run, at a dose: servers side by side and in turn, then the single acts."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from app.extensions import db
from bench import acts, doors, requests, town
from bench.acts import Act
from bench.doses import Dose
from bench.rounds import Figure, run
from bench.serving import Server, free_port
from bench.town import Town
from bench.weight import Weight, first_visit
from courses.assessment.models import Attempt, Response
from courses.assessment.taking import GRADED

QUESTIONS = 10


@dataclass(frozen=True)
class Figures:
    """What was measured. Memory in bytes (PSS)."""

    dose: Dose
    asked: dict[str, Figure]
    acts: dict[str, Act]
    workers: int
    parent: int
    weight: Weight

    def floor_of(self, name: str) -> Figure | None:
        """What a figure is compared with: `F`, or the raw path of a submission."""
        return self.asked.get(f"{name}, F") or self.asked.get(f"{name}, raw path")


def measured(dose: Dose) -> Figures:
    """Build a town, measure, and take it down."""
    with tempfile.TemporaryDirectory(prefix="bina-bench-") as scratch:
        folder = Path(scratch)
        (folder / "town").mkdir()
        made = town.build(folder / "town", exams=dose.exams, port=free_port())
        with requests.bina(made) as ours:
            asked, weight = _asked(made, ours, folder, dose), first_visit(ours, made)
            workers, parent = ours.memory_of_workers(), ours.memory_of_parent()
        single = [
            *acts.starting(made, dose),
            acts.certificate(made, dose.acts),
            *acts.publishing(made, dose),
            *doors.refusals(made, dose.refusals),
        ]
        return Figures(dose, asked, {act.name: act for act in single}, workers, parent, weight)


def _asked(made: Town, ours: Server, folder: Path, dose: Dose) -> dict[str, Figure]:
    with requests.floor(folder / "floor", made, requests.bodies(ours, made)) as bare:
        contestants = [
            *requests.reading(made, ours, bare, dose),
            *requests.submitting(made, ours, bare, dose),
        ]
        found = run(contestants, dose.rounds)
    _every_exam_was_graded(made, found["submission"])
    return found


def _every_exam_was_graded(made: Town, submission: Figure) -> None:
    """What was counted as a submission must be stored as one, or the figure is none."""
    with create_app(made.settings).app_context():
        graded = db.session.scalar(select(func.count()).where(Attempt.state == GRADED)) or 0
        responses = db.session.scalar(select(func.count()).select_from(Response)) or 0
        db.session.remove()
        db.engine.dispose()
    assert submission.requests <= graded, f"{submission.requests} answered, {graded} stored"
    assert responses == QUESTIONS * graded
