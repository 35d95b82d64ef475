"""Rows of learning: one enrolment for a person in a course, one completion for a step in an enrolment."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity


class Enrolment(Base):
    """A person learns a course. `completed_at` is set once, when every step of the edition was done."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    enrolled_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    completed_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))


class Completion(Base):
    """A step that was done. `passed`: None for lessons and practice, else whether it was passed."""

    __tablename__ = "completion"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    done_at: Mapped[datetime]
    passed: Mapped[bool | None]
