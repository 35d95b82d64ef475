"""Makes the application: settings, database, extensions, pages, in the order in which they see a request.

One rule: everything is attached here and nowhere else, and a view that does not say who may enter ends it.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app import (
    cli,
    compression,
    content_pages,
    errors,
    formats,
    health,
    hosts,
    languages,
    learn,
    logs,
    media,
    metrics,
    security,
    static_files,
    well_formed,
)
from app.account import me
from app.account import views as account_views
from app.admin import views as admin_views
from app.catalogue import views as catalogue_views
from app.cookies import Cookies
from app.extensions import Migrations, babel, csrf, database_settings, db, login, prepare_engines
from app.services import Services
from app.verify import views as verify_views
from app.writing import operation_id
from config import Settings, load

PAGES = (
    catalogue_views,
    learn,
    account_views,
    me,
    admin_views,
    verify_views,
    media,
    health,
    metrics,
    content_pages,
)
MEGABYTE = 1024 * 1024


class Bina(Flask):
    """Flask whose views are plain functions: asked nine times a request, it need not look."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def made(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: for tests; read from the environment otherwise.

    Raises:
        config.BadSettings: the environment cannot be used.
    """
    settings = settings or load()
    app = Bina("app", static_folder=None)
    app.config.from_mapping(_flask_settings(settings))
    app.session_interface = Cookies(app)
    app.extensions["bina"] = Services(settings)
    db.init_app(app)
    prepare_engines(app)
    app.extensions["migrate"] = Migrations(app)
    login.init_app(app)
    well_formed.register(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=languages.chosen)
    for part in (static_files, formats, security, errors, compression):
        part.register(app)
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
    app.jinja_env.globals["operation_id"] = operation_id
    hosts.register(app, settings)
    logs.register(app, production=settings.production)
    metrics.register(app, settings)
    cli.register(app)
    security.check_every_view(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret,
        "MAX_CONTENT_LENGTH": 16 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "SESSION_COOKIE_NAME": "__Host-bina" if settings.https else "bina",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": settings.session_days * 86_400,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        **database_settings(settings.database),
    }
