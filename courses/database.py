"""The database: one declarative base, exact column types, and how each engine begins a transaction.

Services take a `Session`, flush, and never commit: the edge commits once. On SQLite a transaction that will
write begins IMMEDIATE before its first read (`begin_writing`), so that what it read is still true when it
writes.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from types import ModuleType
from typing import Any

from sqlalchemy import BigInteger, DateTime, Engine, Integer, MetaData, Text, bindparam, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from courses.asking import WRITING, Asked, engine_name

try:
    import pysqlite3 as sqlite_module
except ImportError:
    sqlite_module = sqlite3

# 3.7.0 to 3.51.2 can lose or corrupt commits in WAL mode when two connections reset it (STACK: the
# WAL-reset bug).
WAL_IS_SOUND_FROM = (3, 51, 3)
BUSY_MILLISECONDS = 20_000
POSTGRES_DISK_FULL = "53100"
SQLITE_FULL, PRIMARY_CODE = 13, 0xFF


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is refused on its way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an aware UTC datetime back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Fraction]):
    """A fraction, kept as text `n/d`, so that a pass mark is never missed by rounding."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """Store `n/d`."""
        return None if value is None else f"{value.numerator}/{value.denominator}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        """Give the fraction back."""
        return None if value is None else Fraction(value)


class Json(TypeDecorator[Any]):
    """Plain data as compact JSON text with sorted keys: the same on both engines, byte for byte."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Store JSON text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Give the data back."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """Return the one JSON text of plain data: sorted keys, no spaces, characters as they are."""
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


Identity = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The base of every row. The registry holds names and types: extensions derive a base from it."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: Moment, Fraction: Exact, str: Text},
    )


def engine_options(url: str) -> dict[str, Any]:
    """Return what `create_engine` needs for a URL, beside the URL."""
    if url.startswith("sqlite"):
        return {"module": sqlite_module, "connect_args": {"timeout": BUSY_MILLISECONDS / 1000}}
    return {"pool_pre_ping": True, "pool_size": 2, "max_overflow": 4}


def prepare(engine: Engine) -> None:
    """Attach to an engine how its connections open and its transactions begin. Once per engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def journal_mode(module: ModuleType = sqlite_module) -> str:
    """Return the journal mode that is safe with the SQLite at hand."""
    return "WAL" if tuple(module.sqlite_version_info) >= WAL_IS_SOUND_FROM else "DELETE"


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        f"journal_mode={journal_mode()}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-8192",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    words = f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}"
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(words).close()  # to the driver itself, at a tenth of the cost
    except sqlite_module.Error as error:
        raise DBAPIError.instance(
            words, None, error, sqlite_module.Error, dialect=connection.dialect
        ) from error


def begin_writing(session: Session) -> None:
    """Begin a transaction that will write: IMMEDIATE on SQLite. Before the first read, or it is refused."""
    if session.in_transaction():
        raise RuntimeError("a transaction that will write begins before its first read")
    session.info[WRITING] = session.connection(execution_options={"begin": "IMMEDIATE"})


def insert_if_absent(session: Session, model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique constraint has it already; wait for a rival transaction to decide.

    Returns:
        Whether this call inserted the row.
    """
    wanted = _insert_if_absent(model, engine_name(session), tuple(values))
    return wanted.first(session, **values) is not None


@cache
def _insert_if_absent(model: type[Base], engine: str, names: tuple[str, ...]) -> Asked:
    row: dict[str, Any] = {name: bindparam(name) for name in names}
    wanted: Any = insert_on(engine)(model.__table__).values(row).on_conflict_do_nothing()
    # A count of rows is not given for this on PostgreSQL (-1); what comes back is, on both.
    return Asked(wanted.returning(*inspect(model).primary_key))


def insert_on(engine: str) -> Callable[[Any], Any]:
    """The INSERT of an engine by its name: with ON CONFLICT, which both have, and SQLAlchemy's own lacks."""
    return sqlite.insert if engine == "sqlite" else postgresql.insert


def violates(error: IntegrityError, constraint: str, *columns: str) -> bool:
    """Tell whether an integrity error comes from the named unique constraint or index.

    PostgreSQL names the constraint; SQLite names the columns as `table.column` (given here) or the index.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    said = str(error.orig)
    return constraint in said or (bool(columns) and said.endswith(": " + ", ".join(columns)))


def disk_is_full(error: DBAPIError) -> bool:
    """Tell whether a statement failed because the database's disk is full."""
    full = getattr(error.orig, "sqlstate", None) == POSTGRES_DISK_FULL
    return full or getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY_CODE == SQLITE_FULL
