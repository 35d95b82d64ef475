"""People to try Bina with: in development only, with a password that everyone knows."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.edge import writing
from app.extensions import db
from courses.audit import SYSTEM
from courses.catalogue.models import CourseRow
from courses.people.models import Person
from courses.people.passwords import hash_password
from courses.people.persons import NewPerson, create_person
from courses.people.roles import Role, grant
from courses.people.units import add_unit

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


CITY = {
    "Sekretariat Daerah": ("Bagian Organisasi", "Bagian Hukum", "Bagian Umum"),
    "Sekretariat DPRD": (),
    "Inspektorat": (),
    "Dinas Pendidikan": (
        "Bidang Pembinaan SD",
        "Bidang Pembinaan SMP",
        "SD Negeri Contoh",
        "SMP Negeri Contoh",
    ),
    "Dinas Kesehatan": ("Puskesmas Contoh Utara", "Puskesmas Contoh Selatan"),
    "Dinas Pekerjaan Umum dan Penataan Ruang": (),
    "Dinas Perumahan dan Kawasan Permukiman": (),
    "Dinas Pemberdayaan Perempuan dan Perlindungan Anak": (),
    "Dinas Lingkungan Hidup": (),
    "Dinas Kependudukan dan Pencatatan Sipil": (),
    "Dinas Perhubungan": (),
    "Dinas Komunikasi dan Informatika": (),
    "Dinas Perindustrian, Koperasi dan UKM": (),
    "Dinas Perdagangan": (),
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu": (),
    "Dinas Ketahanan Pangan": (),
    "Dinas Kepemudaan dan Olahraga": (),
    "Dinas Sosial": (),
    "Dinas Tenaga Kerja": (),
    "Dinas Pemadam Kebakaran": (),
    "Dinas Pariwisata": (),
    "Dinas Kearsipan dan Perpustakaan": (),
    "Dinas Pertanian": (),
    "Dinas Perikanan": (),
    "Dinas Pengendalian Penduduk dan Keluarga Berencana": (),
    "Badan Perencanaan Pembangunan Daerah": (),
    "Badan Penelitian dan Pengembangan": (),
    "Badan Keuangan Daerah": (),
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia": ("Bidang Pengembangan Kompetensi",),
    "Badan Penanggulangan Bencana Daerah": (),
    "Badan Kesatuan Bangsa dan Politik": (),
    "Satuan Polisi Pamong Praja": (),
    "Rumah Sakit Umum Daerah": (),
    **{
        f"Kecamatan {name}": ()
        for name in ("Ampenan", "Sekarbela", "Mataram", "Selaparang", "Cakranegara", "Sandubaya")
    },
}

OFFICE_ADMIN = NewPerson(
    name="Ni Luh Ayu Pratiwi, S.Sos.",
    nip="198911032014022004",
    email="ayu@bina.example",
    rank="Penata",
    grade="III/c",
    position="Kepala Subbagian Umum dan Kepegawaian",
    unit="Dinas Pendidikan",
)
TEACHER = NewPerson(
    name="Muhammad Rizal Hakim, M.Pd.",
    nip="198506212009031005",
    email="rizal@bina.example",
    rank="Pembina",
    grade="IV/a",
    position="Widyaiswara Ahli Madya",
    unit="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
)
FIRST = ("Ahmad", "Baiq Rina", "Dewi", "I Gede", "Lalu Hadi", "Ni Made", "Siti", "Yusuf", "Zainal", "Hartini")
LAST = ("Saputra", "Lestari", "Kusuma")
POSTS = (
    ("Penata Muda", "III/a", "Analis Kebijakan Ahli Pertama"),
    ("Pengatur", "II/c", "Pengelola Kepegawaian"),
    ("", "IX", "Perawat Ahli Pertama"),
)


def make_demo_people() -> None:
    """Make the demo people where there is nobody yet, and say how to sign in."""
    nobody = not db.session.scalar(select(func.count()).select_from(Person))
    db.session.rollback()
    if nobody:
        hashed = hash_password(PASSWORD)
        with writing() as session:
            _make(session, hashed)
    click.echo("Akun contoh (hanya untuk pengembangan):")
    shown = zip((*PEOPLE, OFFICE_ADMIN, TEACHER), ("ASN", "admin", "admin OPD", "pengajar"), strict=True)
    for person, role in shown:
        click.echo(f"  {role:9} {person.nip}  {PASSWORD}   {person.name}")


def _make(session: Session, hashed: str) -> None:
    offices = _city(session)
    for person in PEOPLE:
        create_person(session, replace(person, password_hash=hashed))
    keeper = create_person(session, replace(OFFICE_ADMIN, password_hash=hashed))
    grant(session, keeper, Role("office_admin", unit_id=offices["Dinas Pendidikan"]), by=SYSTEM)
    teacher = create_person(session, replace(TEACHER, password_hash=hashed))
    for course_id in session.scalars(select(CourseRow.id).order_by(CourseRow.id)):
        grant(session, teacher, Role("instructor", course_id=course_id), by=SYSTEM)
    for person in _asn(list(offices)):
        create_person(session, person)


def _city(session: Session) -> dict[str, int]:
    offices = {name: add_unit(session, name, None, by=SYSTEM) for name in CITY}
    for name, units in CITY.items():
        for unit in units:
            offices[unit] = add_unit(session, unit, offices[name], by=SYSTEM)
    return offices


def _asn(units: list[str]) -> Iterator[NewPerson]:
    """Thirty invented ASN, every third of them PPPK, who wait for their activation codes."""
    for number, (last, first) in enumerate(product(LAST, FIRST)):
        rank, grade, position = POSTS[number % 3]
        born, joined = f"19{70 + number:02}{1 + number % 12:02}{1 + number % 28:02}", 2000 + number % 20
        month = "21" if not rank else f"{1 + number % 12:02}"
        yield NewPerson(
            name=f"{first} {last}",
            nip=f"{born}{joined}{month}{1 + number % 2}{1 + number:03}",
            rank=rank,
            grade=grade,
            position=position,
            unit=units[number * 7 % len(units)],
        )
