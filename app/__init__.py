"""How people reach Bina: Flask only. A view reads the request, asks a room in `courses`, and answers.

One package per audience; audiences do not import each other. Every view says who may enter (`app.security`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Build the application.

    Args:
        settings: for tests; read from the environment otherwise.

    Raises:
        config.BadSettings: the environment cannot be used.
    """
    from app.making import made  # not before: app/web.py sees to how a thousand modules are loaded

    return made(settings)
