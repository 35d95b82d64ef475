"""Which courses close the gap to the hours of a year: as few as can be, then as little beyond it. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

MOST = 3
CONSIDERED = 40


def closing(left: Decimal, options: Sequence[tuple[str, Decimal]]) -> tuple[str, ...]:
    """Choose the courses that bring at least `left` hours.

    Args:
        left: JP that are missing; nothing is chosen for 0 or less.
        options: name and JP of the courses one may still take, the likeliest first.

    Returns:
        Names in the order of the options; of equally small sets the one with the fewest hours
        beyond, then the first. Empty where no set of three reaches.
    """
    if left <= 0:
        return ()
    considered = options[:CONSIDERED]
    for size in range(1, MOST + 1):
        reaching = [chosen for chosen in combinations(considered, size) if _hours(chosen) >= left]
        if reaching:
            return tuple(_names(min(reaching, key=_hours)))
    return ()


def _hours(chosen: Sequence[tuple[str, Decimal]]) -> Decimal:
    return sum((hours for _name, hours in chosen), Decimal())


def _names(chosen: Sequence[tuple[str, Decimal]]) -> Iterator[str]:
    return (name for name, _hours in chosen)
