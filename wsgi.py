"""The WSGI entry: `app` is Bina, with settings from the environment; bad settings end it with one line."""

from app import create_app
from config import BadSettings

try:
    app = create_app()
except BadSettings as problem:
    raise SystemExit(f"bina: {problem}") from None
