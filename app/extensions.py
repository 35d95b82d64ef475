"""The extensions, made once and bound to an application later. `db.session` is the request's session."""

from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from courses.asking import Asker, Unbegun
from courses.database import Base, engine_options, prepare


class Login(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login without its guard of sessions: ours are rows that end at once.

    A fingerprint of the browser adds nothing and signs people out on trains. Flask-Login makes it before it
    looks whether anybody wants it.
    """

    def _session_protection_failed(self) -> bool:
        return False


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})
login = Login()
csrf = CSRFProtect()
babel = Babel()


def asker() -> Asker:
    """The request's session if there is one, else a stand-in for those who ask one row and no more."""
    return db.session() if db.session.registry.has() else Unbegun(db.engine)


class Migrations:
    """Stands where Flask-Migrate is looked for, and becomes it when it is.

    Alembic takes as long to load as half of a web process, which never migrates.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory="migrations", render_as_batch=True, compare_type=True)
        return getattr(self._app.extensions["migrate"], name)


def database_settings(url: str) -> dict[str, Any]:
    """What Flask-SQLAlchemy needs for a database URL."""
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url)}


def prepare_engines(app: Flask) -> None:
    """Give each engine of an application our way to connect and to begin."""
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)
