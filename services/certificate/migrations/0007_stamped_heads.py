"""Heads of the services' logs under the time stamps of the register."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_timestamp_head",
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("timestamp_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["timestamp_id"], ["register_timestamp.id"], name=op.f("fk_register_timestamp_head_timestamp_id")
        ),
        sa.PrimaryKeyConstraint("service", "number", "head", name=op.f("pk_register_timestamp_head")),
    )
    with op.batch_alter_table("register_timestamp_head", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_timestamp_head_timestamp_id"), ["timestamp_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("register_timestamp_head", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_timestamp_head_timestamp_id"))

    op.drop_table("register_timestamp_head")
