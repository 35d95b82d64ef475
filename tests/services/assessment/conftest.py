"""The clock and the learner of every test of quizzes."""

from collections.abc import Iterator

import pytest

from courses import clock
from courses.authoring.course import Course
from courses.learning.enrolling import enrol
from tests.people import Somebody
from tests.services.assessment.quizzes import NOON
from tests.services.crowd import writing
from tests.services.editions import published


@pytest.fixture
def at(session) -> Iterator:
    """The clock, held at noon; calling it moves it to so long after noon."""
    with clock.pinned(NOON) as move:
        yield lambda later: move(NOON + later)


@pytest.fixture
def learns(learner):
    """A function that publishes a course and enrols the learner in it."""

    def begin(what: Course, who: Somebody = learner) -> Somebody:
        view = published(what)
        writing(lambda session: enrol(session, who.id, view))
        return who

    return begin
