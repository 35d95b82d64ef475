"""The row of a job."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json


class Outbox(Base):
    """A job: waiting until `due_at`, leased until `due_at` once claimed, done when `done_at` is set."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    payload: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
