"""How Alembic meets the database: batch mode for SQLite, and no migration may cascade into children.

SQLite's batch mode drops and renames tables. With foreign keys on, dropping a parent silently deletes every
child row that cascades, so they are off before the transaction begins (inside one the pragma does nothing)
and checked after it.
"""

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

import courses.models  # noqa: F401 - every table is known
from courses.database import Base


class ForeignKeysBroken(Exception):
    """A migration left rows whose parents are gone; it was rolled back."""


def run() -> None:
    """Run the migrations on the application's engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            connection = connection.execution_options(begin="IMMEDIATE")
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                compare_type=True,
                render_item=_plain_type,
            )
            with context.begin_transaction():
                context.run_migrations()
                if sqlite:
                    _check_foreign_keys(connection)
            if connection.in_transaction():
                connection.commit()
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def _plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain types they are stored as: a migration outlives the class."""
    if kind != "type":
        return False
    return {"Moment": "sa.DateTime(timezone=True)", "Json": "sa.Text()", "Exact": "sa.Text()"}.get(
        type(item).__name__, False
    )


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise ForeignKeysBroken(f"{len(broken)} rows, the first in {broken[0][0]}")


run()
