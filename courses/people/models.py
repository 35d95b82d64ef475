"""Rows of people: a person outlives every number, unit and role they have."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.database import Base, Identity

Word = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


class Unit(Base):
    """An office (OPD) or a unit below it."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(unique=True)


class Person(Base):
    """A person who signs in. `rank` is the pangkat, `grade` the golongan, `position` the jabatan.

    `theme` is light or dark; None follows the device.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("language in ('id', 'en')", name="language"),
        CheckConstraint("theme in ('light', 'dark')", name="theme"),
        Index("ix_person_name", "name", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    rank: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(default="")
    position: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="id")
    theme: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(lazy="raise_on_sql")


class PersonNumber(Base):
    """A NIP or NI PPPK a person has or had: text of 18 digits. The current one has no `ended_at`."""

    __tablename__ = "person_number"
    __table_args__ = (
        CheckConstraint("length(number) = 18", name="number"),
        Index(
            "uq_person_number_current",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(18), unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PersonWord(Base):
    """A word by which a person is found: of their name, a number they have or had, their e-mail address.

    Compared byte by byte on both engines, so that "begins with" is a range of the index.
    """

    __tablename__ = "person_word"
    __table_args__ = (Index("ix_person_word_word", "word", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    word: Mapped[str] = mapped_column(Word, primary_key=True)


class RoleGrant(Base):
    """A role a person holds: in the house, in an office with all below it, or for a course.

    Learners need no grant: every person may learn.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role = 'admin' and unit_id is null and course_id is null "
            "or role = 'office_admin' and unit_id is not null and course_id is null "
            "or role = 'instructor' and unit_id is null and course_id is not null",
            name="role",
        ),
        *(
            Index(
                f"uq_role_grant_{role}",
                "person_id",
                *scope,
                unique=True,
                sqlite_where=text(f"role = '{role}'"),
                postgresql_where=text(f"role = '{role}'"),
            )
            for role, scope in (("admin", ()), ("office_admin", ("unit_id",)), ("instructor", ("course_id",)))
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    granted_at: Mapped[datetime]


class ActivationCode(Base):
    """The one code by which a person chooses a password: its SHA-256, until when, and who made it."""

    __tablename__ = "activation_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccessEntry(Base):
    """Who looked at whose page, and when."""

    __tablename__ = "access_entry"
    __table_args__ = (Index("ix_access_entry_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class SignIn(Base):
    """A session: the SHA-256 of a random token, never the token. `device` is as `devices` names it."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInFailure(Base):
    """A refused sign-in, by the SHA-256 of what was typed as the name and of the address it came from."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_identifier", "identifier_hash", "at"),
        Index("ix_sign_in_failure_address", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    identifier_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(Base):
    """A letter that somebody asked for: by the SHA-256 of what was typed and of the address it came from.

    `person_id` is None where nobody is meant. `token_hash` is there from the sending until the use.
    """

    __tablename__ = "password_reset"
    __table_args__ = (
        Index("ix_password_reset_identifier", "identifier_hash", "at"),
        Index("ix_password_reset_address", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    identifier_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
