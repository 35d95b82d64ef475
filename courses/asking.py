"""Statements of every request: made ready once for each engine, then put to the driver itself.

SQLAlchemy writes the words and converts the values, and whoever listens to it hears of these queries too.
What is left out is the work of its session around a single row, which was a third of a lesson view. For rows
by a key; everything else asks the session.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

WRITING = "writing"  # where a session notes the connection of the transaction that it writes in
NOTHING_NOTED: Mapping[Any, Any] = MappingProxyType({})
K = TypeVar("K")
T = TypeVar("T")
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
        given = dict(values, **self.constants)
        for name, convert in self.sent:
            given[name] = convert(given[name])
        return given if self.order is None else tuple([given[name] for name in self.order])

    def row(self, row: Row) -> Row:
        """A row as the statement's types say."""
        values = list(row)
        for place, convert in self.read:
            values[place] = convert(values[place])
        return tuple(values)


class Asker(Protocol):
    """What a statement needs of a session."""

    @property
    def info(self) -> Mapping[Any, Any]:
        """What was noted on it."""

    def get_bind(self) -> Engine | Connection:
        """The engine, or a connection of it."""

    def in_transaction(self) -> bool:
        """Whether it has begun one."""

    def flush(self) -> None:
        """Write what waits to be written."""

    def connection(self) -> Connection:
        """The connection of its transaction."""


@dataclass(frozen=True, slots=True)
class Unbegun:
    """Stands for a session that has begun nothing, and spares making one for those who only ask."""

    engine: Engine

    @property
    def info(self) -> Mapping[Any, Any]:
        """Nothing."""
        return NOTHING_NOTED

    def get_bind(self) -> Engine:
        """The engine."""
        return self.engine

    def in_transaction(self) -> bool:
        """No."""
        return False

    def flush(self) -> None:
        """Nothing waits."""

    def connection(self) -> Connection:
        """Nobody asks for it where no transaction is."""
        raise NotImplementedError


class _Words:
    """A statement, made ready for each engine that it is put to."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._made: dict[str, _Ready] = {}

    def _put(self, session: Asker, act: Callable[[_Ready, Engine, Any], T], *, alone: bool) -> T:
        """Act with a driver's connection: the session's, or where it has begun nothing, one of our own."""
        held = _held(session)
        engine = held.engine if held is not None else session.get_bind().engine
        dialect = engine.dialect
        ready = self._made.get(dialect.name) or self._make_ready(dialect)
        own = held is None and alone and not session.in_transaction()
        try:
            if own:
                with closing(engine.raw_connection()) as connection:
                    return act(ready, engine, connection)
            session.flush()
            return act(ready, engine, (held or session.connection()).connection)
        except dialect.loaded_dbapi.Error as error:
            base = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(ready.words, None, error, base, dialect=dialect) from error

    def _make_ready(self, dialect: Dialect) -> _Ready:
        compiled: Any = self._statement.compile(dialect=dialect)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("a default that Python gives is the session's work")
        binds = compiled.binds.items()
        columns = self._statement.exported_columns
        self._made[dialect.name] = _Ready(
            words=compiled.string,
            order=tuple(compiled.positiontup) if compiled.positional else None,
            constants={name: bind.value for name, bind in binds if not bind.required},
            sent=_needed((name, _on(bind.type, dialect).bind_processor(dialect)) for name, bind in binds),
            read=_needed(
                (place, _on(column.type, dialect).result_processor(dialect, None))
                for place, column in enumerate(columns)
            ),
        )
        return self._made[dialect.name]


class Asked(_Words):
    """A statement for one row.

    In a transaction it is part of it; outside, as on most pages, it is read by itself and begins none.
    """

    def first(self, session: Asker, **values: Any) -> Row | None:
        """The row for these values of the statement's parameters, or None."""

        def ask(ready: _Ready, engine: Engine, connection: Any) -> Row | None:
            with closing(connection.cursor()) as cursor:
                _execute(engine, cursor, ready.words, ready.bound(values))
                found = cursor.fetchone()
                return None if found is None else ready.row(found)

        return self._put(session, ask, alone=True)


class Told(_Words):
    """A statement that writes and says nothing back, in the session's transaction."""

    def rows(self, session: Session, values: Sequence[Mapping[str, Any]]) -> None:
        """Write a row for each of these values."""

        def tell(ready: _Ready, engine: Engine, connection: Any) -> None:
            with closing(connection.cursor()) as cursor:
                _execute(engine, cursor, ready.words, [ready.bound(one) for one in values], many=True)

        self._put(session, tell, alone=False)

    def count(self, session: Session, **values: Any) -> int:
        """Write, and tell how many rows that touched."""

        def tell(ready: _Ready, engine: Engine, connection: Any) -> int:
            with closing(connection.cursor()) as cursor:
                _execute(engine, cursor, ready.words, ready.bound(values))
                return int(cursor.rowcount)

        return self._put(session, tell, alone=False)


def engine_name(session: Asker) -> str:
    """The engine that a session speaks to: `sqlite` or `postgresql`."""
    held = _held(session)
    return (session.get_bind() if held is None else held).dialect.name


def _held(session: Asker) -> Connection | None:
    """The connection of the transaction that a session writes in, while that goes on.

    To ask the session for it is a tenth of the work of handing in an exam.
    """
    held: Connection | None = session.info.get(WRITING)
    return None if held is None or held.closed else held


def _execute(engine: Engine, cursor: Any, words: str, bound: Any, *, many: bool = False) -> None:
    for listener in engine.dispatch.before_cursor_execute:
        listener(None, cursor, words, bound, None, many)
    (cursor.executemany if many else cursor.execute)(words, bound)


def _on(type_: Any, dialect: Dialect) -> Any:
    return type_.dialect_impl(dialect)


def _needed(converts: Iterable[tuple[K, Convert | None]]) -> tuple[tuple[K, Convert], ...]:
    return tuple((key, convert) for key, convert in converts if convert is not None)
