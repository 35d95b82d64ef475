"""How days, times and numbers are written on a page: `24 November 2026, 14.00 WITA`, `1.234,5`."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from app.services import settings
from courses.certification.wording import day as spoken_date

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def local(moment: datetime) -> datetime:
    """A moment where the office is."""
    return moment.astimezone(settings().zone)


def date_long(value: date | datetime) -> str:
    """A day in words; a moment is its day where the office is."""
    day = local(value).date() if isinstance(value, datetime) else value
    if _english():
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return spoken_date(day)


def datetime_long(value: datetime) -> str:
    """A moment in words, with the zone people know it by."""
    moment = local(value)
    zone = ZONES.get(settings().timezone, moment.tzname() or "")
    separator = ":" if _english() else "."
    return f"{date_long(value)}, {moment:%H}{separator}{moment:%M} {zone}"


def number(value: float | Decimal | Fraction) -> str:
    """A number as its language writes it, with at most two decimals."""
    rounded = round(
        Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value), 2
    )
    text = f"{rounded.normalize():,f}"
    return text if _english() else text.translate(str.maketrans(".,", ",."))


def minutes_words(minutes: int) -> str:
    """Minutes in words, hours from 90 on."""
    if minutes < 90:
        return ngettext("%(num)s menit", "%(num)s menit", minutes)
    hours, rest = divmod(minutes, 60)
    if not rest:
        return ngettext("%(num)s jam", "%(num)s jam", hours)
    return gettext("%(hours)s jam %(minutes)s menit", hours=hours, minutes=rest)


def _english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"


def register(app: Flask) -> None:
    """Give templates the filters."""
    for filter_ in (date_long, datetime_long, number, minutes_words):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.context_processor(lambda: {"locale": "en" if _english() else "id"})
