"""courses being written in the browser: drafts, their versions and changes, and who asks for publishing

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "draft",
        sa.Column("course_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("published_number", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_draft_course_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_draft")),
        sa.UniqueConstraint("slug", name=op.f("uq_draft_slug")),
    )
    op.create_table(
        "draft_version",
        sa.Column("course_id", IDENTITY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", IDENTITY, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_draft_version_by_id")),
        sa.ForeignKeyConstraint(["course_id"], ["draft.course_id"], name=op.f("fk_draft_version_course_id")),
        sa.PrimaryKeyConstraint("course_id", "number", name=op.f("pk_draft_version")),
    )
    op.create_table(
        "draft_change",
        sa.Column("course_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id", "number"],
            ["draft_version.course_id", "draft_version.number"],
            name="fk_draft_change_version",
        ),
        sa.PrimaryKeyConstraint("course_id", "number", "path", name=op.f("pk_draft_change")),
    )
    op.create_index("ix_draft_change_path", "draft_change", ["course_id", "path", "number"])
    op.create_table(
        "draft_review",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("course_id", IDENTITY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", IDENTITY, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", IDENTITY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'approved', 'declined', 'replaced')", name=op.f("ck_draft_review_state")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_draft_review_asked_by")),
        sa.ForeignKeyConstraint(["course_id"], ["draft.course_id"], name=op.f("fk_draft_review_course_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_draft_review_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_review")),
    )
    op.create_index(
        "uq_draft_review_waiting",
        "draft_review",
        ["course_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_draft_review_state", "draft_review", ["state", "id"])
    op.create_index("ix_draft_review_course_id", "draft_review", ["course_id", "id"])


def downgrade() -> None:
    """Take back; courses that were never published are lost."""
    for table in ("draft_review", "draft_change", "draft_version", "draft"):
        op.drop_table(table)
