"""letters by which a forgotten password is mended

Revision: 0006, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "password_reset",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=True),
        sa.Column("identifier_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    op.create_index(op.f("ix_password_reset_person_id"), "password_reset", ["person_id"])
    op.create_index("ix_password_reset_identifier", "password_reset", ["identifier_hash", "at"])
    op.create_index("ix_password_reset_address", "password_reset", ["address_hash", "at"])


def downgrade() -> None:
    """Take back; letters that are under way lead nowhere."""
    op.drop_table("password_reset")
