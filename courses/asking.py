"""Queries that are asked at every request: made ready once for each engine, then put to the driver itself.

SQLAlchemy writes the words and converts the values, and whoever listens to it hears of these queries too.
What is left out is the work of its session around a single row, which was a third of a lesson view. For one
row by a key; everything else asks the session.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

K = TypeVar("K")
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A query in the words of an engine.

    `order` names its parameters, None where they go by name. `sent` and `read` convert what must be,
    parameters by name and columns by place.
    """

    words: str
    order: tuple[str, ...] | None
    constants: dict[str, Any]
    sent: tuple[tuple[str, Convert], ...]
    read: tuple[tuple[int, Convert], ...]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver wants them."""
        given = {**self.constants, **values}
        for name, convert in self.sent:
            given[name] = convert(given[name])
        return given if self.order is None else tuple([given[name] for name in self.order])

    def row(self, row: Row) -> Row:
        """A row as the statement's types say."""
        values = list(row)
        for place, convert in self.read:
            values[place] = convert(values[place])
        return tuple(values)


class Asked:
    """A query for one row.

    In a transaction it is part of it; outside, as on most pages, it is read by itself and begins none.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def first(self, session: Session, **values: Any) -> Row | None:
        """The row for these values of the statement's parameters, or None."""
        engine = session.get_bind().engine
        dialect = engine.dialect
        ready = self._ready.get(dialect.name) or self._make_ready(dialect)
        try:
            if session.in_transaction():
                session.flush()
                return _ask(ready, engine, session.connection().connection, values)
            connection = engine.raw_connection()
            try:
                return _ask(ready, engine, connection, values)
            finally:
                connection.close()
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                ready.words, values, error, dialect.loaded_dbapi.Error, dialect=dialect
            ) from error

    def _make_ready(self, dialect: Dialect) -> _Ready:
        compiled: Any = self._statement.compile(dialect=dialect)
        binds = compiled.binds.items()
        self._ready[dialect.name] = _Ready(
            words=compiled.string,
            order=tuple(compiled.positiontup) if compiled.positional else None,
            constants={name: bind.value for name, bind in binds if not bind.required},
            sent=_needed((name, _on(bind.type, dialect).bind_processor(dialect)) for name, bind in binds),
            read=_needed(
                (place, _on(column.type, dialect).result_processor(dialect, None))
                for place, column in enumerate(self._statement.selected_columns)
            ),
        )
        return self._ready[dialect.name]


def _ask(ready: _Ready, engine: Engine, connection: Any, values: Mapping[str, Any]) -> Row | None:
    cursor, bound = connection.cursor(), ready.bound(values)
    try:
        for listener in engine.dispatch.before_cursor_execute:
            listener(None, cursor, ready.words, bound, None, False)
        cursor.execute(ready.words, bound)
        found = cursor.fetchone()
        return None if found is None else ready.row(found)
    finally:
        cursor.close()


def _on(type_: Any, dialect: Dialect) -> Any:
    return type_.dialect_impl(dialect)


def _needed(converts: Iterable[tuple[K, Convert | None]]) -> tuple[tuple[K, Convert], ...]:
    return tuple((key, convert) for key, convert in converts if convert is not None)
