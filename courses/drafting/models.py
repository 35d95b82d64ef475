"""Rows of drafts: a draft has versions, a version has changes, and nothing of them is changed afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json


class Draft(Base):
    """A course being written. `manifest` maps each path to its object as of version `number`.

    `edition` is the number of the published edition it began from or became; 0: never published.
    """

    __tablename__ = "draft"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str]
    number: Mapped[int]
    edition: Mapped[int]
    published_number: Mapped[int]
    manifest: Mapped[Any] = mapped_column(Json)
    changed_at: Mapped[datetime]


class DraftVersion(Base):
    """A save: who, when, and by which act (`drafts.ACTS`)."""

    __tablename__ = "draft_version"

    course_id: Mapped[int] = mapped_column(ForeignKey("draft.course_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class DraftChange(Base):
    """A path that a version changed: the object it holds from then on; None: it is gone."""

    __tablename__ = "draft_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["course_id", "number"],
            ["draft_version.course_id", "draft_version.number"],
            name="fk_draft_change_version",
        ),
        Index("ix_draft_change_path", "course_id", "path", "number"),
    )

    course_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str | None] = mapped_column(String(64))


class DraftReview(Base):
    """Somebody asks that a version be published. At most one of a course waits."""

    __tablename__ = "draft_review"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'approved', 'declined', 'replaced')", name="state"),
        Index(
            "uq_draft_review_waiting",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_draft_review_state", "state", "id"),
        Index("ix_draft_review_course_id", "course_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("draft.course_id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
