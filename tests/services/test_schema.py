"""The migrated schema is that of the models, indexes and constraints included; migrations go both ways."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, create_engine, inspect

from app import create_app
from app.extensions import db
from courses.database import Base, engine_options, prepare
from courses.people.models import Person, PersonNumber, Unit
from tests.conftest import settings_for
from tests.people import make


def test_migrations_make_what_the_models_say(app):
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_and_index_is_there_by_its_name(app):
    found = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        expected = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        assert expected <= {one["name"] for one in found.get_check_constraints(table.name)}, table.name
        expected = {str(one.name) for one in table.constraints if isinstance(one, UniqueConstraint)}
        assert expected <= {one["name"] for one in found.get_unique_constraints(table.name)}, table.name
        indexes = {one["name"]: bool(one["unique"]) for one in found.get_indexes(table.name)}
        for index in table.indexes:
            assert isinstance(index, Index)
            assert indexes.get(str(index.name)) == index.unique, (table.name, index.name)


def test_sqlite_keeps_partial_indexes_partial(tmp_path):
    made = _fresh(tmp_path)
    with made.app_context(), db.engine.connect() as connection:
        for name in ("uq_edition_current", "uq_attempt_open", "uq_certificate_in_force"):
            rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
            assert " WHERE " in rows.scalar_one()


def test_going_down_and_up_again_leaves_the_same_schema(tmp_path):
    made = _fresh(tmp_path)
    with made.app_context():
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        assert set(inspect(db.engine).get_table_names()) >= set(Base.metadata.tables)


def test_rows_survive_a_batch_that_rebuilds_their_parent(tmp_path):
    """What batch mode does to a parent table would, with foreign keys on, take its children with it."""
    made = _fresh(tmp_path)
    with made.app_context():
        make("Baiq Nurul Aini", nip="198704122011012003", email="nurul@example.id")
        upgrade()
        assert db.session.query(Person).count() == 1
        assert db.session.query(PersonNumber).count() == 1
        assert db.session.query(Unit).count() == 1


def test_both_engines_are_built_from_the_same_metadata(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}", **engine_options("sqlite://"))
    prepare(engine)
    Base.metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) == set(Base.metadata.tables)
    engine.dispose()


def _fresh(folder):
    made = create_app(settings_for(folder))
    with made.app_context():
        upgrade()
    return made
