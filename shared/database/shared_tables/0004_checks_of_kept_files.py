"""Checks of the files in the store, and what they found."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_check",
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("full_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("held_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "phase",
            sa.Enum("store", "register", "done", name="filephase", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("in_store", sa.Integer(), nullable=False),
        sa.Column("in_register", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_file_check")),
    )
    op.create_table(
        "file_finding",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("missing", "altered", "extra", name="filestate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("found_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_file_finding")),
    )
    with op.batch_alter_table("file_finding", schema=None) as batch_op:
        batch_op.create_index("ix_file_finding_resolved_at_state", ["resolved_at", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("file_finding", schema=None) as batch_op:
        batch_op.drop_index("ix_file_finding_resolved_at_state")

    op.drop_table("file_finding")
    op.drop_table("file_check")
