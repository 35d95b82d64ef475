"""The row of an operation: who, which id, what was sent, what was answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from courses.database import Base, Identity, Json


class Operation(Base):
    """One write of one person. `fingerprint` is the SHA-256 of what was sent, `reply` what came back."""

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    reply: Mapped[Any | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(index=True)
