"""Every row of every table: out of one consistent state, and into tables that are empty.

Tables go in the order in which they refer to each other; what refers forwards (a unit to its parent) is
filled in when everything is there.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, create_engine, func, inspect, select, text, update
from sqlalchemy.orm import Session

from courses.database import Base, engine_options
from courses.keeping.values import codecs, read_line, write_line

BATCH = 500


def tables() -> list[Table]:
    """Return every table, each after those it refers to."""
    return list(Base.metadata.sorted_tables)


@contextmanager
def snapshot(engine: Engine, scratch: Path) -> Iterator[Connection]:
    """Yield a connection that sees one consistent state, whatever is written meanwhile, and holds up nobody.

    Args:
        engine: the database.
        scratch: a folder for a copy: SQLite copies itself, PostgreSQL keeps a snapshot for a transaction.
    """
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///{scratch / 'copy.sqlite3'}"
        copy = create_engine(url, **engine_options(url))
        try:
            _copy(engine, copy)
            with copy.connect() as connection:
                yield connection
        finally:
            copy.dispose()
        return
    how: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**how) as connection:
        yield connection


def _copy(engine: Engine, copy: Engine) -> None:
    with engine.connect() as here, copy.connect() as there:
        ours: Any = here.connection.driver_connection
        ours.backup(there.connection.driver_connection)  # all pages in one step: one state


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield a table as lines: the names of its columns, then its rows by their key."""
    how = codecs(table)
    yield json.dumps([column.name for column in table.columns]).encode() + b"\n"
    rows = connection.execution_options(yield_per=BATCH).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for row in rows:
        yield write_line(row, how)


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}


def filled_table(connection: Connection) -> str | None:
    """Return the name of a table of ours that has a row; None when there is no row, or no table either."""
    there = set(inspect(connection).get_table_names())
    for table in tables():
        if table.name in there and connection.execute(select(text("1")).select_from(table).limit(1)).first():
            return table.name
    return None


class Filler:
    """Fills empty tables, in the order of `tables()`; `finish` adds what had to wait."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._order = {table: place for place, table in enumerate(tables())}
        self._waiting: list[tuple[Table, dict[str, Any], dict[str, Any]]] = []

    def fill(self, table: Table, lines: Iterable[bytes]) -> None:
        """Insert the rows of `lines_of`.

        Raises:
            ValueError: the lines do not fit the table.
        """
        reading, how = iter(lines), codecs(table)
        names = [column.name for column in table.columns]
        if json.loads(next(reading, b"null")) != names:
            raise ValueError(f"{table.name} has other columns")
        later = [column for column in table.columns if self._refers_forwards(column)]
        rows = (dict(zip(names, read_line(line, how), strict=True)) for line in reading)
        while batch := list(islice(rows, BATCH)):
            for row in batch:
                self._put_off(table, row, later)
            self._session.execute(table.insert(), batch)

    def finish(self) -> None:
        """Fill in what refers forwards, and let PostgreSQL count on from the highest id."""
        for table, key, values in self._waiting:
            this = [table.c[name] == value for name, value in key.items()]
            self._session.execute(update(table).where(*this).values(**values))
        self._session.flush()
        if self._session.get_bind().dialect.name == "postgresql":
            for table in self._order:
                self._count_on(table)

    def _refers_forwards(self, column: Column[Any]) -> bool:
        mine = self._order[column.table]
        return any(self._order[key.column.table] >= mine for key in column.foreign_keys)

    def _put_off(self, table: Table, row: dict[str, Any], later: list[Column[Any]]) -> None:
        values = {column.name: row[column.name] for column in later if row[column.name] is not None}
        if values:
            key = {column.name: row[column.name] for column in table.primary_key.columns}
            self._waiting.append((table, key, values))
            row.update(dict.fromkeys(values))

    def _count_on(self, table: Table) -> None:
        column = table.autoincrement_column
        if column is None:
            return
        sequence = self._session.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        highest = self._session.scalar(select(func.max(column)))
        if sequence and highest is not None:
            self._session.execute(select(func.setval(sequence, highest)))


def dangling(session: Session) -> list[str]:
    """Return the tables with rows that refer to nothing. PostgreSQL refuses such rows itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    return sorted({str(row[0]) for row in session.execute(text("PRAGMA foreign_key_check"))})


def named_objects(connection: Connection) -> set[str]:
    """Return the objects that rows name. A column that names an object is called `sha256` or `..._sha256`."""
    found: set[str] = set()
    for table in tables():
        for column in table.columns:
            if column.name == "sha256" or column.name.endswith("_sha256"):
                found.update(connection.scalars(select(column).where(column.is_not(None)).distinct()))
    return found
