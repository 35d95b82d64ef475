"""The forms of people: what was typed stays, and each field says what is wrong with it."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Email, Length, Optional

from app.people_words import name_words, nip_words
from app.services import settings
from courses import clock
from courses.people.changing import Details
from courses.people.names import BadName, clean_name
from courses.people.nip import BadNip, Nip, parse_nip
from courses.people.persons import PersonExists
from courses.people.units import UnitLine

SHORT = Length(max=120, message=lazy_gettext("Paling banyak 120 karakter."))


class PersonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What is said of a person."""

    name = StringField(lazy_gettext("Nama lengkap dengan gelar"))
    nip = StringField(lazy_gettext("NIP atau NI PPPK"))
    email = StringField(
        lazy_gettext("Surel (email)"),
        validators=[
            Optional(),
            SHORT,
            Email(lazy_gettext("Tuliskan alamat surel, misalnya nama@instansi.go.id.")),
        ],
    )
    rank = StringField(lazy_gettext("Pangkat"), validators=[SHORT])
    grade = StringField(lazy_gettext("Golongan"), validators=[SHORT])
    position = StringField(lazy_gettext("Jabatan"), validators=[SHORT])
    unit = SelectField(lazy_gettext("Unit kerja"), validate_choice=False)

    def validate_name(self, field: StringField) -> None:
        """A name that can be printed and read by strangers."""
        try:
            field.data = clean_name(field.data or "")
        except BadName as refusal:
            raise ValidationError(name_words(refusal.reason)) from None

    def validate_nip(self, field: StringField) -> None:
        """Eighteen digits, or nothing where there is an address to sign in with."""
        if not (field.data or "").strip():
            if not (self.email.data or "").strip():
                raise ValidationError(gettext("Isi NIP, atau surel bila orang ini tidak memiliki NIP."))
            return
        try:
            read_nip(field.data or "")
        except BadNip as refusal:
            raise ValidationError(nip_words(refusal.reason)) from None

    def validate_unit(self, field: SelectField) -> None:
        """One of the units that were offered."""
        if field.data not in {choice[0] for choice in field.iter_choices()}:
            raise ValidationError(gettext("Pilih unit kerja dari daftar."))

    def details(self) -> Details:
        """What was said, once it is valid."""
        nip = (self.nip.data or "").strip()
        return Details(
            name=self.name.data or "",
            nip=read_nip(nip).digits if nip else "",
            email=(self.email.data or "").strip(),
            rank=_line(self.rank),
            grade=_line(self.grade),
            position=_line(self.position),
            unit_id=int(self.unit.data) if self.unit.data else None,
        )

    def refuse(self, refusal: PersonExists) -> None:
        """Say at the fields that somebody has the number or the address."""
        said = gettext("NIP atau surel ini sudah dimiliki orang lain. Cari orangnya di daftar ASN.")
        field = self.nip if refusal.facts.get("nip") else self.email
        field.errors = [*field.errors, said]


def unit_choices(lines: Iterable[UnitLine], *, empty: bool) -> list[tuple[str, str]]:
    """The tree of units as choices, what is below set in."""
    first = [("", gettext("Tanpa unit kerja"))] if empty else []
    return first + [(str(line.id), "\u2003" * line.depth + line.name) for line in lines]


def read_nip(written: str) -> Nip:
    """A number as it was typed, read today."""
    return parse_nip(written, clock.local_date(clock.now(), settings().zone))


def _line(field: StringField) -> str:
    return " ".join((field.data or "").split())
