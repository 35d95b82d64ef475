"""Small outlines for tests, written as words: `lesson`, `practice` or `graded`, each with an id."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from courses.catalogue.outline import Outline, OutlineStep, QuizRules

IDS = "abcdef"
KINDS = ("lesson", "practice", "graded")


def step(step_id: str, kind: str) -> OutlineStep:
    """A step of one of the three kinds."""
    if kind == "lesson":
        return OutlineStep(step_id, step_id.upper(), 5, None)
    rules = QuizRules(
        graded=kind == "graded",
        pass_percent=Fraction(70),
        attempts=0,
        time=None,
        shuffle_questions=False,
        shuffle_choices=False,
        sources=(),
        draw=None,
        show_score="now",
        show_answers="now",
        role=None,
        questions=1,
    )
    return OutlineStep(step_id, step_id.upper(), 5, None, quiz=rules)


def outline(*steps: OutlineStep, sequential: bool = True, certificate: str = "lulus") -> Outline:
    """A course of these steps, outside any module."""
    return Outline(
        title="Arsip",
        summary="",
        lang="id",
        hours=Decimal(1),
        kind="teknis",
        level=None,
        competency=None,
        objectives=(),
        requires=(),
        sequential=sequential,
        provider="",
        partners=(),
        siasn_kind=None,
        certificate_kind=certificate,
        certificate_issue="approval",
        certificate_valid=None,
        modules=(),
        steps=steps,
    )


STEPS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(KINDS)), unique_by=lambda one: one[0])
OUTLINES = st.builds(
    lambda steps, sequential, certificate: outline(
        *(step(*one) for one in steps), sequential=sequential, certificate=certificate
    ),
    STEPS,
    st.booleans(),
    st.sampled_from(["lulus", "keikutsertaan"]),
)
RECORDS = st.dictionaries(st.sampled_from(IDS), st.sampled_from([None, True, False]))


@st.composite
def walks(draw) -> tuple[Outline, dict[str, bool | None]]:
    """An outline and the records of somebody on the way: what stands earlier is done more often."""
    course = draw(OUTLINES)
    records: dict[str, bool | None] = draw(RECORDS)
    for one in course.steps[: draw(st.integers(0, len(course.steps)))]:
        records[one.id] = draw(st.booleans()) if one.quiz and one.quiz.graded else None
    return course, records


@st.composite
def editions(draw) -> tuple[Outline, Outline]:
    """An outline, and a new edition of it: steps dropped, added and moved; what stays keeps its kind."""
    before = draw(OUTLINES)
    kept = draw(st.lists(st.sampled_from(before.steps), unique=True)) if before.steps else []
    known = {one.id for one in before.steps}
    added = [step(*one) for one in draw(STEPS) if one[0] not in known]
    return before, replace(before, steps=tuple(draw(st.permutations([*kept, *added]))))
