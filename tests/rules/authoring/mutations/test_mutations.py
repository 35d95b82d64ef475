"""Two hundred mistakes in the shipped course: each is an error at its exact line, and no course is made."""

import os
from pathlib import Path

import pytest

from courses.authoring import Source, parse, read_folder
from courses.authoring.problems import Severity
from tests.rules.authoring.mutations.mistakes import MISTAKES
from tests.rules.authoring.mutations.mutating import mutated

SHIPPED = Path("content/courses/pembinaan-asn")
COUNT = 1_000 if os.environ.get("BINA_DOSE") == "full" else 200


@pytest.fixture(scope="module")
def shipped(pytestconfig) -> Source:
    return read_folder(pytestconfig.rootpath / SHIPPED)


def test_the_shipped_course_has_no_errors(shipped):
    parsed = parse(shipped)
    assert parsed.course, [str(problem) for problem in parsed.problems]


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_mistake_is_an_error_at_its_line(shipped, seed):
    mutation = mutated(shipped.files, MISTAKES, seed)
    parsed = parse(Source(shipped.slug, mutation.files))
    errors = [problem for problem in parsed.problems if problem.severity is Severity.ERROR]
    blamed = {(problem.place.path, problem.place.line) for problem in errors}
    assert (mutation.path, mutation.line) in blamed, (
        f"{mutation.mistake} in {mutation.path}:{mutation.line}: {[str(error) for error in errors]}"
    )
    assert parsed.course is None


def test_the_same_seed_makes_the_same_mistake(shipped):
    assert [mutated(shipped.files, MISTAKES, seed) for seed in range(9)] == [
        mutated(shipped.files, MISTAKES, seed) for seed in range(9)
    ]


def test_every_mistake_is_made(shipped):
    assert {mutated(shipped.files, MISTAKES, seed).mistake for seed in range(200)} == MISTAKES.keys()
