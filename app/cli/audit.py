"""`flask audit verify`: walk the hash chain of the trail."""

import sys

import click

from app.cli.edge import answer, as_json
from app.extensions import db
from courses.audit import check


@click.group()
def audit() -> None:
    """Check the trail."""


@audit.command()
@as_json
def verify(machine: bool) -> None:
    """Walk the whole chain. Exit code 1 when it does not hold anywhere."""
    broken = list(check(db.session()))
    value = {"holds": not broken, "broken": [{"entry": one.number, "why": one.why} for one in broken]}
    lines = [f"entry {one.number}: {one.why}" for one in broken] or ["the trail holds"]
    answer(value, "\n".join(lines), machine=machine)
    sys.exit(1 if broken else 0)
