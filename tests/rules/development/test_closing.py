"""Which courses close the gap: as few as can be, then as little beyond it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.development.closing import closing


def _options(*hours: int) -> list[tuple[str, Decimal]]:
    return [(f"course-{index}", Decimal(one)) for index, one in enumerate(hours)]


@pytest.mark.parametrize(
    ("left", "hours", "chosen"),
    [
        (8, [3, 5, 2], [0, 1]),
        (8, [3, 9, 8, 5], [2]),
        (8, [10, 9], [1]),
        (8, [4, 5, 4], [0, 2]),
        (8, [3, 3, 3], [0, 1, 2]),
        (0, [3], []),
        (-2, [3], []),
        (8, [], []),
        (30, [3, 3, 3, 3], []),
    ],
)
def test_what_is_chosen(left, hours, chosen):
    assert closing(Decimal(left), _options(*hours)) == tuple(f"course-{index}" for index in chosen)


@given(st.integers(1, 30), st.lists(st.integers(1, 12), max_size=12))
def test_what_is_chosen_reaches_and_no_smaller_set_would(left, hours):
    chosen = closing(Decimal(left), _options(*hours))
    by_name = dict(_options(*hours))
    if chosen:
        assert sum(by_name[name] for name in chosen) >= left
        assert sum(sorted(hours, reverse=True)[: len(chosen) - 1]) < left
    else:
        assert sum(sorted(hours, reverse=True)[:3]) < left
