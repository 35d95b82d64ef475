"""How fast a certificate may come: e-learning counts a few hours a day, so hours want so many days.

The conversion table credits e-learning with at most 3 JP a day (DOMAIN section 2). A certificate that said
more than a reviewer credits would be worth less than none. Pure rules.
"""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal


def earliest(hours: Decimal, per_day: Decimal, active: Collection[date], completed_on: date) -> date:
    """The first day on which a certificate over these hours may be made.

    Args:
        hours: JP of the course.
        per_day: JP that count a day; 0 switches the rule off.
        active: days on which the learner did something, where the office is.
        completed_on: the day of completion.

    Returns:
        The day of completion when enough days were active; else one day later for each that is missing.
    """
    if per_day <= 0:
        return completed_on
    needed = int((hours / per_day).to_integral_value(ROUND_CEILING))
    missing = needed - len({*active, completed_on})
    return completed_on + timedelta(days=max(0, missing))
