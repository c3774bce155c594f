"""Keys that signed, time stamps of the register, checks of the store."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_timestamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=True),
        sa.Column("tsa", sa.String(length=300), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", types.UtcDateTime(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_timestamp")),
    )
    with op.batch_alter_table("register_timestamp", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_timestamp_next_try_at"), ["next_try_at"], unique=False)

    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind", sa.Enum("document", "credential", name="keykind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("first_used_at", types.UtcDateTime(), nullable=False),
        sa.Column("retired_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "store_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "phase", sa.Enum("store", "register", "done", name="phase", native_enum=False, length=24), nullable=False
        ),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("held_until", types.UtcDateTime(), nullable=True),
        sa.Column("in_register", sa.Integer(), nullable=False),
        sa.Column("in_store", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_check")),
    )
    with op.batch_alter_table("store_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_store_check_asked_at"), ["asked_at"], unique=False)

    op.create_table(
        "store_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("missing", "extra", "altered", "adopted", name="finding", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("expected", sa.String(length=100), nullable=False),
        sa.Column("found", sa.String(length=100), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["store_check.id"], name=op.f("fk_store_finding_check_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_finding")),
    )
    with op.batch_alter_table("store_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_store_finding_check_id"), ["check_id"], unique=False)

    op.create_table(
        "register_timestamp_leaf",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("timestamp_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["timestamp_id"], ["register_timestamp.id"], name=op.f("fk_register_timestamp_leaf_timestamp_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["certificate_version.id"], name=op.f("fk_register_timestamp_leaf_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_register_timestamp_leaf")),
    )
    with op.batch_alter_table("register_timestamp_leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_timestamp_leaf_timestamp_id"), ["timestamp_id"], unique=False)

    with op.batch_alter_table("certificate_version", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_version_object_key", ["object_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("certificate_version", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_version_object_key")

    with op.batch_alter_table("register_timestamp_leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_timestamp_leaf_timestamp_id"))

    op.drop_table("register_timestamp_leaf")
    with op.batch_alter_table("store_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_store_finding_check_id"))

    op.drop_table("store_finding")
    with op.batch_alter_table("store_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_store_check_asked_at"))

    op.drop_table("store_check")
    op.drop_table("signing_key")
    with op.batch_alter_table("register_timestamp", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_timestamp_next_try_at"))

    op.drop_table("register_timestamp")
