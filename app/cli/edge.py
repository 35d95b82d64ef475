"""The edge of a command: one transaction, one commit, and a refusal as one line or one JSON value."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from sqlalchemy.orm import Session

from app.extensions import db
from courses.database import begin_writing
from courses.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "machine", is_flag=True, help="Print one JSON value.")


@contextmanager
def writing() -> Iterator[Session]:
    """One writing transaction, committed when the block ends well."""
    session = db.session()
    session.rollback()
    begin_writing(session)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def answer(value: Any, lines: str, *, machine: bool) -> None:
    """Print an answer: the value for machines, the lines for people."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2) if machine else lines)


def refuse(refusal: Refusal, *, machine: bool, code: int = 2) -> NoReturn:
    """End a command with a refusal."""
    facts = ", ".join(f"{name}: {value}" for name, value in refusal.facts.items())
    said = f"{refusal.code} ({facts})" if facts else refusal.code
    if machine:
        click.echo(json.dumps({"error": refusal.code, **refusal.facts}, ensure_ascii=False, default=str))
    else:
        click.echo(f"bina: refused: {said}", err=True)
    sys.exit(code)


def attempt(act: Callable[[], R], *, machine: bool = False) -> R:
    """Run an act of a command; a refusal ends the command with one line and exit code 2."""
    try:
        return act()
    except Refusal as refusal:
        refuse(refusal, machine=machine)
