"""A row as a line of JSON and back: exactly the same value, whichever engine it came from or goes to."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Numeric, String, Table
from sqlalchemy.types import TypeEngine

from courses.database import Exact, Json, Moment

Convert = Callable[[Any], Any]


class UnknownType(TypeError):
    """A column has a type that nobody has said how to keep."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How a value is written in JSON and read again."""

    write: Convert
    read: Convert


def _as_it_is(value: Any) -> Any:
    return value


PLAIN = Codec(_as_it_is, _as_it_is)
CODECS: tuple[tuple[type[TypeEngine[Any]], Codec], ...] = (
    (Moment, Codec(datetime.isoformat, datetime.fromisoformat)),
    (Exact, Codec(lambda value: f"{value.numerator}/{value.denominator}", Fraction)),
    (Json, PLAIN),
    (Date, Codec(date.isoformat, date.fromisoformat)),
    (Numeric, Codec(str, Decimal)),
    (LargeBinary, Codec(lambda value: base64.b64encode(value).decode(), base64.b64decode)),
    (Boolean, PLAIN),
    (Integer, PLAIN),
    (String, PLAIN),
)


def codec(column: Column[Any]) -> Codec:
    """Return how a column's values are kept.

    Raises:
        UnknownType: a new kind of column was not thought of here.
    """
    for kind, found in CODECS:
        if isinstance(column.type, kind):
            return found
    raise UnknownType(f"{column.table.name}.{column.name} is a {column.type!r}")


def codecs(table: Table) -> list[Codec]:
    """Return how the values of each column are kept, in the table's order."""
    return [codec(column) for column in table.columns]


def write_line(row: Sequence[Any], how: Sequence[Codec]) -> bytes:
    """Return a row as a line of JSON."""
    values = [None if value is None else one.write(value) for value, one in zip(row, how, strict=True)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(line: bytes, how: Sequence[Codec]) -> list[Any]:
    """Return the row of a line."""
    values = json.loads(line)
    return [None if value is None else one.read(value) for value, one in zip(values, how, strict=True)]
