"""Rows of text as a table: aligned for a terminal, or in Markdown."""

from collections.abc import Sequence

Rows = Sequence[Sequence[str]]


def table(rows: Rows) -> str:
    """A table for a terminal; the first row is its heads, the first column text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def markdown(rows: Rows) -> str:
    """The same in Markdown."""
    heads, *rest = rows
    lines = [heads, ["---"] * len(heads), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if index == 0 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((first, *rest)).rstrip()
