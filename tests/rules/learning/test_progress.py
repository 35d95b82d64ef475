"""What is done, what is open, what comes next; and that no new edition ever takes anything away."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.outline import Outline
from courses.learning.progress import Records, is_done, open_steps, opens_next, progress
from tests.rules.learning.outlines import RECORDS, editions, outline, step, walks

A, B, C = step("a", "lesson"), step("b", "lesson"), step("c", "lesson")
PRACTICE, EXAM = step("practice", "practice"), step("exam", "graded")


def done_ids(course: Outline, records: Records) -> set[str]:
    return {one.id for one in course.steps if is_done(course, one, records)}


@pytest.mark.parametrize(
    ("kind", "record", "certificate", "done", "opens"),
    [
        ("lesson", "nothing", "lulus", False, False),
        ("lesson", None, "lulus", True, True),
        ("lesson", None, "keikutsertaan", True, True),
        ("practice", "nothing", "lulus", False, False),
        ("practice", None, "lulus", True, True),
        ("practice", None, "keikutsertaan", True, True),
        ("practice", False, "lulus", True, True),  # it was graded in an earlier edition
        ("graded", "nothing", "lulus", False, False),
        ("graded", "nothing", "keikutsertaan", False, False),
        ("graded", False, "lulus", False, False),
        ("graded", False, "keikutsertaan", True, False),  # taking part is enough, going on is not
        ("graded", True, "lulus", True, True),
        ("graded", True, "keikutsertaan", True, True),
        ("graded", None, "lulus", False, False),  # it was practice in an earlier edition
        ("graded", None, "keikutsertaan", True, False),
    ],
)
def test_when_a_step_counts_and_when_it_opens_the_next(kind, record, certificate, done, opens):
    one = step("x", kind)
    records = {} if record == "nothing" else {"x": record}
    assert is_done(outline(one, certificate=certificate), one, records) is done
    assert opens_next(one, records) is opens


@pytest.mark.parametrize(
    ("records", "opened"),
    [
        ({}, "a"),
        ({"a": None}, "a practice"),
        ({"a": None, "practice": None}, "a practice b"),
        ({"a": None, "practice": None, "b": None}, "a practice b exam"),
        ({"a": None, "practice": None, "b": None, "exam": False}, "a practice b exam"),
        ({"a": None, "practice": None, "b": None, "exam": True}, "a practice b exam c"),
        ({"b": None}, "a b"),  # done under an earlier edition: stays open, opens nothing
        ({"exam": False}, "a exam"),
        ({"gone": None}, "a"),
    ],
)
def test_in_order_a_step_opens_when_the_one_before_it_lets_go(records, opened):
    course = outline(A, PRACTICE, B, EXAM, C)
    assert open_steps(course, records) == set(opened.split())


@given(RECORDS)
def test_without_an_order_everything_is_open(records):
    assert open_steps(outline(A, EXAM, B, sequential=False), records) == {"a", "exam", "b"}


@pytest.mark.parametrize(
    ("records", "certificate", "sequential", "following"),
    [
        ({}, "lulus", True, "a"),
        ({"a": None}, "lulus", True, "exam"),
        ({"a": None, "exam": False}, "lulus", True, "exam"),
        ({"a": None, "exam": True}, "lulus", True, "b"),
        ({"exam": True, "b": None}, "lulus", True, "a"),
        ({"a": None, "exam": True, "b": None}, "lulus", True, None),
        # In a course of taking part the exam counts once it was submitted, but opens the next once passed:
        ({"a": None, "exam": False}, "keikutsertaan", True, "exam"),
        ({"a": None, "exam": False}, "keikutsertaan", False, "b"),
        ({"a": None, "exam": False, "b": None}, "keikutsertaan", True, None),
        ({"a": None, "exam": False, "b": None}, "lulus", True, "exam"),
        ({"a": None}, "lulus", False, "exam"),
    ],
)
def test_what_comes_next(records, certificate, sequential, following):
    course = outline(A, EXAM, B, sequential=sequential, certificate=certificate)
    found = progress(course, records).next_step
    assert (found and found.id) == following


@pytest.mark.parametrize(("done", "percent"), [(0, 0), (1, 33), (2, 66), (3, 100)])
def test_percent_is_rounded_down_so_that_100_means_everything(done, percent):
    course = outline(A, B, C, sequential=False)
    counted = progress(course, dict.fromkeys(["a", "b", "c"][:done]))
    assert (counted.done, counted.total, counted.percent) == (done, 3, percent)
    assert counted.complete is (done == 3)


def test_a_course_without_steps_is_never_complete():
    empty = progress(outline(), {"a": None})
    assert (empty.percent, empty.complete, empty.next_step) == (0, False, None)


def test_199_of_200_is_99_percent():
    steps = [step(f"s{n}", "lesson") for n in range(200)]
    assert progress(outline(*steps), {f"s{n}": None for n in range(199)}).percent == 99


@given(walks())
def test_percent_stays_between_0_and_100_and_is_100_only_when_complete(walk):
    course, records = walk
    counted = progress(course, records)
    assert 0 <= counted.percent <= 100
    assert (counted.percent == 100) is counted.complete


@given(walks())
def test_records_of_steps_the_edition_does_not_have_change_nothing(walk):
    course, records = walk
    own = {one.id: records[one.id] for one in course.steps if one.id in records}
    assert progress(course, records) == progress(course, own)
    assert open_steps(course, records) == open_steps(course, own)


@given(walks())
def test_what_comes_next_is_open_and_there_is_something_until_all_is_done(walk):
    course, records = walk
    counted = progress(course, records)
    if counted.next_step is None:
        assert counted.complete or not course.steps
    else:
        assert counted.next_step.id in open_steps(course, records)
        assert not counted.complete


@given(walks())
def test_whatever_was_done_is_open(walk):
    course, records = walk
    assert done_ids(course, records) <= open_steps(course, records)


@given(walks(), st.data())
def test_doing_one_more_thing_never_closes_or_undoes_another(walk, data):
    course, records = walk
    if not course.steps:
        return
    more = {**records, data.draw(st.sampled_from(course.steps)).id: True}
    assert done_ids(course, records) <= done_ids(course, more)
    assert open_steps(course, records) <= open_steps(course, more)


@given(editions(), RECORDS)
def test_a_new_edition_undoes_and_closes_nothing_that_was_done(pair, records):
    before, after = pair
    still_there = {one.id for one in after.steps}
    done = done_ids(before, records) & still_there
    assert done <= done_ids(after, records)
    assert done <= open_steps(after, records)
    assert 0 <= progress(after, records).percent <= 100


@given(walks())
def test_a_course_that_asks_only_for_taking_part_counts_no_less_than_one_to_be_passed(walk):
    course, records = walk
    attended, passed = (replace(course, certificate_kind=kind) for kind in ("keikutsertaan", "lulus"))
    assert done_ids(passed, records) <= done_ids(attended, records)
