"""Commands: `flask setup | worker | course ... | person ... | certificate ... | audit ...`.

A refusal is one line on standard error and an exit code. With `--json` standard output is one JSON value,
refusals too.
"""

from flask import Flask

from app.cli.audit import audit
from app.cli.certificate import certificate
from app.cli.course import course
from app.cli.person import person
from app.cli.setup import setup
from app.cli.worker import worker


def register(app: Flask) -> None:
    """Attach the commands."""
    for command in (setup, worker, course, person, certificate, audit):
        app.cli.add_command(command)
