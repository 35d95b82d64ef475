"""Rows of certification: an award says who may have a paper, a certificate is the paper, frozen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json

IN_FORCE = text("state in ('signing', 'issued')")


class Award(Base):
    """A completed course that earns a certificate: one for an enrolment. Waiting, approved or declined."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'approved', 'declined')", name="state"),
        Index(
            "ix_award_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    state: Mapped[str] = mapped_column(String(10))
    earned_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]


class Certificate(Base):
    """A numbered paper. `content` is what is printed, frozen; `pdf_sha256` names the signed bytes.

    Signing (numbered, not yet signed), issued, or revoked. Of one award at most one is in force.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state in ('signing', 'issued', 'revoked')", name="state"),
        UniqueConstraint("series", "year", "sequence"),
        Index("ix_certificate_state", "state", "id"),
        Index(
            "uq_certificate_in_force",
            "award_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    series: Mapped[str]
    year: Mapped[int]
    sequence: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    content: Mapped[Any] = mapped_column(Json)
    issued_on: Mapped[date] = mapped_column(Date)
    numbered_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    pdf_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    key_fingerprint: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_why: Mapped[str | None]


class NumberSequence(Base):
    """The last number given out in a series in a year; locked by the transaction that takes the next."""

    __tablename__ = "number_sequence"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class SigningKeyRow(Base):
    """The public part of a key that signed or signs, for as long as anything signed with it is checked."""

    __tablename__ = "signing_key"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    certificate_pem: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
