"""how pages look for a person, what device a session is on, looks in the order of their numbers

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # In words: Alembic would rebuild the whole table of people on SQLite for the check.
    op.execute(
        "ALTER TABLE person ADD COLUMN theme VARCHAR(5) "
        "CONSTRAINT ck_person_theme CHECK (theme in ('light', 'dark'))"
    )
    op.add_column("session", sa.Column("device", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_access_entry_person_id"), "access_entry")
    op.create_index("ix_access_entry_person", "access_entry", ["person_id", "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_access_entry_person", "access_entry")
    op.create_index(op.f("ix_access_entry_person_id"), "access_entry", ["person_id"])
    op.execute("ALTER TABLE session DROP COLUMN device")
    op.execute("ALTER TABLE person DROP COLUMN theme")
