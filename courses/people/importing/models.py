"""The row of an import: what waits for an admin's word, and then whom it brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json


class PeopleImport(Base):
    """A sheet of people: its `entries` while it waits for its admin's word, then whom it brought in.

    `by_id` is empty for the system. `people` are the ids of those who came in, in the order of the sheet.
    """

    __tablename__ = "people_import"
    __table_args__ = (CheckConstraint("(entries is null) = (done_at is not null)", name="state"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    entries: Mapped[Any | None] = mapped_column(Json)
    people: Mapped[Any | None] = mapped_column(Json)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
