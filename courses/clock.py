"""The one clock. Nothing else in Bina asks what time it is, so that a test can say it.

Times are aware datetimes in UTC inside and shown in the zone of the office (Asia/Makassar) outside.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _source()


def local_date(moment: datetime, zone: ZoneInfo = WITA) -> date:
    """Return the calendar day of a moment where the office is: the day that counts for hours and numbers."""
    return moment.astimezone(zone).date()


@contextmanager
def pinned(moment: datetime) -> Iterator[Callable[[datetime], None]]:
    """Hold the clock at a moment; the yielded function moves it. For tests only.

    Args:
        moment: aware; refused when naive, since a naive time has no meaning here.
    """
    global _source  # noqa: PLW0603 - the one switch of the one clock
    before = _source
    held = [_aware(moment)]

    def move(to: datetime) -> None:
        held[0] = _aware(to)

    _source = lambda: held[0]  # noqa: E731
    try:
        yield move
    finally:
        _source = before


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
