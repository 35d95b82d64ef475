"""Hours want days: a 6-JP course done in one day has its paper on the next."""

from datetime import date
from decimal import Decimal

import pytest

from courses.certification.pace import earliest

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 11, day) for day in (23, 24, 25, 26))


@pytest.mark.parametrize(
    ("hours", "per_day", "active", "comes"),
    [
        ("3", "3", [TUESDAY], TUESDAY),
        ("1", "3", [], TUESDAY),
        ("3.5", "3", [TUESDAY], WEDNESDAY),
        ("6", "3", [TUESDAY], WEDNESDAY),
        ("6", "3", [MONDAY, TUESDAY], TUESDAY),
        ("9", "3", [TUESDAY], THURSDAY),
        ("9", "3", [MONDAY, TUESDAY], WEDNESDAY),
        ("60", "0", [TUESDAY], TUESDAY),
    ],
)
def test_when_a_certificate_may_come(hours, per_day, active, comes):
    assert earliest(Decimal(hours), Decimal(per_day), active, TUESDAY) == comes


def test_a_day_counts_once_however_often_it_was_used():
    assert earliest(Decimal(6), Decimal(3), [TUESDAY, TUESDAY], TUESDAY) == WEDNESDAY
