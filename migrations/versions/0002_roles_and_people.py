"""roles of offices and courses, words to find people by, activation codes, who looked at whom

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
SCOPES = {"admin": [], "office_admin": ["unit_id"], "instructor": ["course_id"]}
FORBIDDEN_MARKS = str.maketrans(dict.fromkeys(",.;:()\"'", " "))


def upgrade() -> None:
    """Apply."""
    held = op.get_bind().execute(sa.text("SELECT person_id, role, granted_at FROM role_grant")).all()
    op.drop_table("role_grant")
    op.create_table(
        "role_grant",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", IDENTITY, nullable=True),
        sa.Column("course_id", IDENTITY, nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role = 'admin' and unit_id is null and course_id is null "
            "or role = 'office_admin' and unit_id is not null and course_id is null "
            "or role = 'instructor' and unit_id is null and course_id is not null",
            name=op.f("ck_role_grant_role"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_role_grant_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    for column in ("person_id", "unit_id", "course_id"):
        op.create_index(op.f(f"ix_role_grant_{column}"), "role_grant", [column])
    for role, scope in SCOPES.items():
        where = sa.text(f"role = '{role}'")
        op.create_index(
            f"uq_role_grant_{role}",
            "role_grant",
            ["person_id", *scope],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    for person_id, role, granted_at in held:
        _insert_grant(person_id, role, granted_at)

    op.create_index("ix_person_name", "person", ["name", "id"])
    op.create_table(
        "person_word",
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_word_person_id")),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_person_word")),
    )
    op.create_index("ix_person_word_word", "person_word", ["word", "person_id"])
    _fill_words()
    op.create_table(
        "activation_code",
        sa.Column("person_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_activation_code_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_activation_code")),
    )
    op.create_table(
        "access_entry",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("actor_id", IDENTITY, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_access_entry_actor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    for column in ("actor_id", "person_id", "at"):
        op.create_index(op.f(f"ix_access_entry_{column}"), "access_entry", [column])


def downgrade() -> None:
    """Take back; roles of offices and courses are lost."""
    for table in ("access_entry", "activation_code", "person_word"):
        op.drop_table(table)
    op.drop_index("ix_person_name", "person")
    held = (
        op.get_bind()
        .execute(sa.text("SELECT person_id, role, granted_at FROM role_grant WHERE role = 'admin'"))
        .all()
    )
    op.drop_table("role_grant")
    op.create_table(
        "role_grant",
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('admin')", name=op.f("ck_role_grant_role")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_role_grant")),
    )
    for person_id, role, granted_at in held:
        _insert_grant(person_id, role, granted_at)


def _insert_grant(person_id: int, role: str, granted_at: object) -> None:
    op.get_bind().execute(
        sa.text("INSERT INTO role_grant (person_id, role, granted_at) VALUES (:person, :role, :at)"),
        {"person": person_id, "role": role, "at": granted_at},
    )


def _fill_words() -> None:
    """Find the people who are here already by their words, as courses/people/finding.py does."""
    bind = op.get_bind()
    found: set[tuple[int, str]] = set()
    for person_id, name, email in bind.execute(sa.text("SELECT id, name, email FROM person")):
        words = name.translate(FORBIDDEN_MARKS).casefold().split()
        found |= {(person_id, word[:100]) for word in [*words, *([email] if email else [])]}
    found |= {tuple(row) for row in bind.execute(sa.text("SELECT person_id, number FROM person_number"))}
    if found:
        insert = sa.text("INSERT INTO person_word (person_id, word) VALUES (:person, :word)")
        bind.execute(insert, [{"person": person, "word": word} for person, word in sorted(found)])
