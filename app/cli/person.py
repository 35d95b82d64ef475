"""`flask person create`: one person from the terminal, the first admin above all."""

import click

from app.cli.edge import answer, as_json, attempt, writing
from app.services import settings
from courses import audit, clock
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
    today = clock.local_date(clock.now(), settings().zone)
    return NewPerson(
        name=" ".join(str(said["name"]).split()),
        nip=parse_nip(str(said["nip"]), today).digits if said["nip"] else None,
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
