"""Commands: `flask setup | worker | backup | restore | doctor | course | person | certificate | audit`.

A refusal is one line on standard error and an exit code. With `--json` standard output is one JSON value,
refusals too. A command is imported when it is asked for: a web process needs none, nor what they need.
"""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

COMMANDS = {
    "setup": "setup",
    "worker": "worker",
    "course": "course",
    "person": "person",
    "certificate": "certificate",
    "audit": "audit",
    "backup": "backup",
    "restore": "backup",
    "doctor": "doctor",
}
"""The module of each command, in this package."""


class Commands(AppGroup):
    """The commands of an application: ours, and those that others attach."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, imported now if it is ours and was not yet."""
        if name in COMMANDS and name not in self.commands:
            command: click.Command = getattr(import_module(f"{__name__}.{COMMANDS[name]}"), name)
            _inside_an_application(command)
            self.add_command(command)
        return super().get_command(ctx, name)


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli = Commands(app.name)


def _inside_an_application(command: click.Command) -> None:
    """Let a command, or every command of a group, run in an application context."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _inside_an_application(inner)
    elif command.callback is not None and not hasattr(command.callback, "in_application"):
        command.callback = with_appcontext(command.callback)
        command.callback.in_application = True  # type: ignore[attr-defined]
