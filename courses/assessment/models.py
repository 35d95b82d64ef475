"""Rows of assessment: an attempt, and one response for each question of its plan."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json


class Attempt(Base):
    """A try at a quiz. `plan` is a `planning.Plan`; `deadline` None: no time limit. Open, then graded."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "step_id", "number"),
        CheckConstraint("state in ('open', 'graded')", name="state"),
        Index(
            "uq_attempt_open",
            "enrolment_id",
            "step_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempt_deadline",
            "deadline",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    step_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    plan: Mapped[Any] = mapped_column(Json)
    started_at: Mapped[datetime]
    deadline: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    earned: Mapped[Fraction | None]
    possible: Mapped[Fraction | None]
    passed: Mapped[bool | None]


class Response(Base):
    """What was answered to the question at a position of the plan, and what it earned once graded."""

    __tablename__ = "response"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[Any] = mapped_column(Json)
    earned: Mapped[Fraction | None]
