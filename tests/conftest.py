"""Fixtures for every test: an application on each engine, emptied before each test, and people who act.

Services that are missing are left out loudly; under BINA_STRICT=1 (`./test --all`) leaving out is a failure.
"""

import os
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.extensions import db
from config import Settings
from courses.catalogue.editions import forget
from courses.database import Base
from tests import people
from tests.publishing import publish_folder, sample_course

STRICT = os.environ.get("BINA_STRICT") == "1"

# Two cores are shared with browsers and databases: how long an example takes says nothing here.
examples.register_profile(
    "quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
examples.register_profile("full", examples.get_profile("quick"), max_examples=1000)
examples.load_profile("full" if os.environ.get("BINA_DOSE") == "full" else "quick")


def leave_out(reason: str) -> None:
    """Skip loudly, or fail where nothing may be left out."""
    if STRICT:
        pytest.fail(f"left out: {reason}")
    pytest.skip(f"left out: {reason}")


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application on one of the engines, with empty tables, inside its context."""
    forget()
    with application.app_context():
        yield application
        db.session.rollback()
        db.session.remove()
        _empty()
    forget()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application; what a test flushes is seen by services."""
    return db.session()


@pytest.fixture
def client(app: Flask):
    """A browser without scripts."""
    return app.test_client()


@pytest.fixture
def course(app: Flask) -> str:
    """The sample course, published; its slug."""
    return publish_folder(sample_course())


@pytest.fixture
def learner(app: Flask) -> people.Somebody:
    """An ASN who may learn."""
    return people.make("Baiq Nurul Aini, S.Pd.", nip="198704122011012003", email="nurul@example.id")


@pytest.fixture
def other_learner(app: Flask) -> people.Somebody:
    """Another ASN."""
    return people.make("I Made Sudana", nip="199001012015031002", email="made@example.id")


@pytest.fixture
def admin(app: Flask) -> people.Somebody:
    """An admin."""
    return people.make("Lalu Satria, S.STP.", nip="199205172015071001", email="satria@example.id", admin=True)


@pytest.fixture
def office_admin(app: Flask) -> people.Somebody:
    """The office admin of the office that the learners are in."""
    who = people.make("Ni Luh Ayu", nip="198911032014022004", email="ayu@example.id")
    people.grant(who, "office_admin", unit="Dinas Pendidikan")
    return who


@pytest.fixture
def instructor(app: Flask, course: str) -> people.Somebody:
    """The instructor of the sample course."""
    who = people.make("Rizal Hakim", nip="198506212009031005", email="rizal@example.id")
    people.grant(who, "instructor", course=course)
    return who


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for each engine and each test process, migrated from nothing."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield _migrated(settings_for(folder))
        return
    with postgres_database() as url:
        made = _migrated(settings_for(folder, database_url=url))
        yield made
        with made.app_context():
            db.engine.dispose()


def settings_for(folder: Path, **more: object) -> Settings:
    """Settings for an application in a folder of its own."""
    values: dict[str, object] = {"data_dir": folder, "env": "development", **more}
    return Settings.model_validate(values)


class postgres_database:  # noqa: N801 - reads as a context manager
    """A database of its own on the server of BINA_TEST_POSTGRES_URL, dropped afterwards."""

    def __enter__(self) -> str:
        server = os.environ.get("BINA_TEST_POSTGRES_URL")
        if not server:
            leave_out("PostgreSQL (set BINA_TEST_POSTGRES_URL)")
        assert server is not None
        self.name = (
            f"bina_test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{id(self) % 9999}"
        )
        self.server = create_engine(server, isolation_level="AUTOCOMMIT")
        with self.server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{self.name}"'))
        return server.rsplit("/", 1)[0] + "/" + self.name

    def __exit__(self, *_: object) -> None:
        with self.server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'))
        self.server.dispose()


class OwnContextClient(FlaskClient):
    """A client whose requests see nothing of the test's own application context, as in real life."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **kwargs)


def _migrated(settings: Settings) -> Flask:
    made = create_app(settings)
    made.test_client_class = OwnContextClient
    made.config["TESTING"] = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    with made.app_context():
        upgrade()
    return made


def _empty() -> None:
    """Delete every row, children first: a hundred times faster than to TRUNCATE small tables."""
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
