"""`flask person create | import`: one person, the first admin above all; and many from a spreadsheet."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from app.cli.edge import answer, as_json, attempt, refuse, writing
from app.extensions import db
from app.people_words import problem_words, sheet_words
from app.services import settings
from courses import audit, clock
from courses.people.importing.bringing_in import SheetHasProblems, bring_in, check
from courses.people.importing.cells import MOST_BYTES, SheetRefused
from courses.people.importing.checking import Checked, Problem
from courses.people.importing.sheets import read_sheet
from courses.people.names import clean_name
from courses.people.nip import parse_nip
from courses.people.passwords import LONGEST, SHORTEST, hash_password
from courses.people.persons import NewPerson, create_person


@click.group()
def person() -> None:
    """Make people."""


@person.command()
@click.option("--name", required=True, help="Full name with titles.")
@click.option("--nip", help="NIP or NI PPPK, 18 digits.")
@click.option("--email", help="E-mail address.")
@click.option("--rank", default="", help="Pangkat.")
@click.option("--grade", default="", help="Golongan.")
@click.option("--position", default="", help="Jabatan.")
@click.option("--unit", help="The unit's name; made when it does not exist.")
@click.option("--admin", is_flag=True, help="Grant the admin role.")
@click.password_option(help="Asked for when not given.")
@as_json
def create(password: str, machine: bool, **said: str | bool | None) -> None:
    """Make a person who can sign in."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise click.BadParameter(
            f"a password has {SHORTEST} to {LONGEST} characters", param_hint="--password"
        )
    if not said["nip"] and not said["email"]:
        raise click.UsageError("give --nip or --email: one of them is the name to sign in with")
    new = attempt(lambda: _new(password, said), machine=machine)
    person_id = attempt(lambda: _create(new), machine=machine)
    answer({"id": person_id, "name": new.name}, f"made person {person_id}", machine=machine)


def _new(password: str, said: dict[str, str | bool | None]) -> NewPerson:
    return NewPerson(
        name=clean_name(str(said["name"])),
        nip=parse_nip(str(said["nip"]), _today()).digits if said["nip"] else None,
        email=str(said["email"]) if said["email"] else None,
        password_hash=hash_password(password),
        rank=str(said["rank"]),
        grade=str(said["grade"]),
        position=str(said["position"]),
        unit=str(said["unit"]) if said["unit"] else None,
        roles=("admin",) if said["admin"] else (),
    )


def _create(new: NewPerson) -> int:
    with writing() as session:
        person_id = create_person(session, new)
        audit.record(session, "person.create", ("person", person_id), roles=list(new.roles))
        return person_id


@person.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_json
def import_people(file: Path, dry_run: bool, machine: bool) -> None:
    """Bring in the people of a CSV or XLSX: all of them, or none and every problem."""
    try:
        checked = _checked(file)
        if checked.problems:
            raise SheetHasProblems(checked.problems)
        people = [] if dry_run else _bring_in(checked)
    except SheetRefused as refusal:
        if not machine:
            click.echo(sheet_words(refusal), err=True)
        refuse(refusal, machine=machine)
    except SheetHasProblems as refusal:
        _end_with(refusal.problems, machine=machine)
    count = len(checked.entries)
    said = f"{count} people would come in" if dry_run else f"brought in {count} people"
    ignored = f"; columns not read: {', '.join(checked.ignored)}" if checked.ignored else ""
    value = {"count": count, "people": people, "dry_run": dry_run, "ignored": list(checked.ignored)}
    answer(value, said + ignored, machine=machine)


def _checked(file: Path) -> Checked:
    with file.open("rb") as opened:
        sheet = read_sheet(opened.read(MOST_BYTES + 1))
    try:
        return check(db.session(), None, sheet, _today())
    finally:
        db.session.rollback()


def _bring_in(checked: Checked) -> list[int]:
    with writing() as session:
        return bring_in(session, checked.entries)


def _end_with(problems: Sequence[Problem], *, machine: bool) -> NoReturn:
    """One line for each problem, and exit code 2."""
    value = [
        {"row": one.row, "column": one.column.title, "code": one.code, "message": problem_words(one)}
        for one in problems
    ]
    lines = [f"row {one['row']}, column {one['column']}: {one['message']}" for one in value]
    answer(value, "\n".join(lines), machine=machine)
    if not machine:
        click.echo(f"bina: refused: {len(problems)} problem(s); nobody was brought in", err=True)
    sys.exit(2)


def _today() -> date:
    return clock.local_date(clock.now(), settings().zone)
