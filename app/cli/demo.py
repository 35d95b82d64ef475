"""People to try Bina with: in development only, with a password that everyone knows."""

from dataclasses import replace

import click
from sqlalchemy import func, select

from app.cli.edge import writing
from app.extensions import db
from courses.people.models import Person
from courses.people.passwords import hash_password
from courses.people.persons import NewPerson, create_person

PASSWORD = "belajar-bersama"  # noqa: S105 - printed at every start, and refused nowhere but in production

PEOPLE = (
    NewPerson(
        name="Baiq Nurul Aini, S.Pd., M.Pd.",
        nip="198704122011012003",
        email="nurul@bina.example",
        rank="Penata Tk. I",
        grade="III/d",
        position="Guru Ahli Muda",
        unit="Dinas Pendidikan",
    ),
    NewPerson(
        name="Lalu Satria Wijaya, S.STP.",
        nip="199205172015071001",
        email="satria@bina.example",
        rank="Penata",
        grade="III/c",
        position="Analis Kepegawaian Ahli Muda",
        unit="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        roles=("admin",),
    ),
)


def make_demo_people() -> None:
    """Make the demo people where there is nobody yet, and say how to sign in."""
    nobody = not db.session.scalar(select(func.count()).select_from(Person))
    db.session.rollback()
    if nobody:
        hashed = hash_password(PASSWORD)
        with writing() as session:
            for person in PEOPLE:
                create_person(session, replace(person, password_hash=hashed))
    click.echo("Akun contoh (hanya untuk pengembangan):")
    for person, role in zip(PEOPLE, ("ASN", "admin"), strict=True):
        click.echo(f"  {role:5} {person.nip}  {PASSWORD}   {person.name}")
