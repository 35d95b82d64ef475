"""sheets of people that wait for their admin's word, and whom they brought in

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "people_import",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("by_id", IDENTITY, nullable=True),
        sa.Column("entries", sa.Text(), nullable=True),
        sa.Column("people", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(entries is null) = (done_at is not null)", name=op.f("ck_people_import_state")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_people_import_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_import")),
    )
    op.create_index(op.f("ix_people_import_by_id"), "people_import", ["by_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("people_import")
