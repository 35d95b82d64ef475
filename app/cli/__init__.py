"""Commands: `flask setup | worker | backup | restore | doctor | course | person | certificate | audit`.

A refusal is one line on standard error and an exit code. With `--json` standard output is one JSON value,
refusals too.
"""

import click
from flask import Flask
from flask.cli import with_appcontext

from app.cli.audit import audit
from app.cli.backup import backup, restore
from app.cli.certificate import certificate
from app.cli.course import course
from app.cli.doctor import doctor
from app.cli.person import person
from app.cli.setup import setup
from app.cli.worker import worker

COMMANDS = (setup, worker, course, person, certificate, audit, backup, restore, doctor)


def register(app: Flask) -> None:
    """Attach the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


def _inside_an_application(command: click.Command) -> None:
    """Let a command, or every command of a group, run in an application context."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _inside_an_application(inner)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)


for one in COMMANDS:
    _inside_an_application(one)
