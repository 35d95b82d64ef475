"""`python -m bench.board`: measure, and write docs/board.md: what must be reached, what is, and what is not.

Red is shown as red. The figures are those of one run, its contestants in turn; the load stands beside them.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.__main__ import tables
from bench.doors import KNOWN, UNKNOWN
from bench.doses import chosen
from bench.faults import commit, found
from bench.figures import Figures, measured
from bench.tables import table
from courses.database import journal_mode

BOARD = Path(__file__).resolve().parent.parent / "docs" / "board.md"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Line:
    """A line of the board. `reached` is None where nothing must be reached."""

    what: str
    must: str
    aim: str
    measured: str
    reached: bool | None


def main() -> None:
    """Measure at the dose that BINA_DOSE asks for, and write the board."""
    load = os.getloadavg()[0]
    figures = measured(chosen())
    BOARD.write_text(page(figures, load), "utf-8")
    print(f"wrote {BOARD.name}")


def page(figures: Figures, load: float) -> str:
    """The board as Markdown."""
    lines = list(board(figures))
    rows = [("what", "must", "aim", "measured", "reached")]
    rows += [(one.what, one.must, one.aim, one.measured, _word(one.reached)) for one in lines]
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    marks = "| --- | ---: | ---: | ---: | --- |"
    conditions = (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} at the start, "
        f"dose {figures.dose.name}, journal {journal_mode()}, commit {commit()}."
    )
    return "\n".join(
        [
            "# The board",
            "",
            "Written by `python -m bench.board`. What tests promise is asserted there, not here.",
            "Ratios are of requests a second, to the same bytes from a bare Flask view (F) served alike.",
            "",
            conditions,
            "",
            head,
            marks,
            *rest,
            "",
            "## All figures of the run",
            "",
            "```",
            *[part for rows_ in tables(figures) for part in (table(rows_), "")],
            "```",
            "",
        ]
    )


def board(figures: Figures) -> list[Line]:
    """What QUALITY asks of these figures, line by line."""
    lesson, verify = _ratio(figures, "lesson"), _ratio(figures, "verify")
    submission = _ratio(figures, "submission")
    memory = figures.workers / MEGABYTE
    acts = figures.acts
    gap = abs(acts[KNOWN].wall - acts[UNKNOWN].wall)
    return [
        Line("lesson view, signed in", "0.22 F", "0.45 F", f"{lesson:.2f} F", lesson >= 0.22),
        Line("verify page", "", "0.45 F", f"{verify:.2f} F", None),
        Line("quiz submission, durable", "0.35 raw", "0.6 raw", f"{submission:.2f} raw", submission >= 0.35),
        _milliseconds("certificate: page and signature", acts["certificate"].cpu or 0, 60, 25),
        _milliseconds("publishing a lesson of 12 KB", acts["publishing, warm"].wall, 150, 55),
        _milliseconds("cold start of the web server", acts["start, web server"].wall, 900, 570),
        Line(
            f"refused sign-ins, {figures.dose.refusals} known and unknown each: gap of medians",
            "5 ms",
            "",
            f"{gap:.1f} ms",
            gap < 5,
        ),
        Line("memory of two workers (PSS)", "190 MB", "140 MB", f"{memory:.0f} MB", memory <= 190),
        Line(
            "first visit of a lesson, all of it",
            "32 KB",
            "20 KB",
            f"{figures.weight.total / 1000:.1f} KB",
            figures.weight.total <= 32_000,
        ),
        *(Line(one.what, one.must, "", one.measured, one.reached) for one in found()),
    ]


def _milliseconds(what: str, took: float, must: int, aim: int) -> Line:
    return Line(what, f"{must} ms", f"{aim} ms", f"{took:.0f} ms", took <= must)


def _ratio(figures: Figures, name: str) -> float:
    floor = figures.floor_of(name)
    assert floor is not None, name
    return figures.asked[name].of(floor)


def _word(reached: bool | None) -> str:
    return "" if reached is None else "yes" if reached else "**no**"


if __name__ == "__main__":
    main()
