"""Rows of the catalogue: a course has editions, an edition never changes.

What a browser may see before submission and what it may not stand in different columns of a question:
`shown` and `key`.
"""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json


class CourseRow(Base):
    """A course by its slug, over all its editions."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class Edition(Base):
    """A published state of a course.

    `digest` is the identity of the source and covers the key, so it stays inside; `token` is the public name.
    `outline` is an `outline.Outline`; `manifest` maps each path of the source to its object.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        Index(
            "uq_edition_current",
            "course_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    is_current: Mapped[bool]
    digest: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str]
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    outline: Mapped[Any] = mapped_column(Json)
    description_html: Mapped[str]
    manifest: Mapped[Any] = mapped_column(Json)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Page(Base):
    """A step of an edition: the HTML of a lesson, or the introduction of a quiz."""

    __tablename__ = "page"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    html: Mapped[str]
    headings: Mapped[Any] = mapped_column(Json)


class QuestionRow(Base):
    """A question of a quiz or bank of an edition.

    `shown` is what a learner may see while answering; `key` is what only the server knows before submission.
    `holder` is a quiz id, or a bank's name such as `bank/akuntabel`.
    """

    __tablename__ = "question"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    type: Mapped[str] = mapped_column(String(20))
    points: Mapped[Fraction]
    shown: Mapped[Any] = mapped_column(Json)
    key: Mapped[Any] = mapped_column(Json)


class MediaFile(Base):
    """A file a browser may fetch, by the hash of its bytes in the object store."""

    __tablename__ = "media"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
