"""The chain of the log: blocks, records of rows that change, copies of others' heads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chain_block",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ledger", sa.String(length=20), nullable=False),
        sa.Column("after", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("unmarked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=24), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_chain_block")),
    )
    with op.batch_alter_table("chain_block", schema=None) as batch_op:
        batch_op.create_index("ix_chain_block_ledger_number", ["ledger", "number"], unique=False)

    op.create_table(
        "chain_head_copy",
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=24), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("kept_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service", "number", "head", name=op.f("pk_chain_head_copy")),
    )
    op.create_table(
        "chain_record",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_chain_record")),
    )
    with op.batch_alter_table("chain_record", schema=None) as batch_op:
        batch_op.create_index("ix_chain_record_register_record_id", ["register", "record_id", "position"], unique=False)

    op.create_table(
        "chain_state",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("begun_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settling", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("taken_in", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_state")),
    )


def downgrade() -> None:
    op.drop_table("chain_state")
    with op.batch_alter_table("chain_record", schema=None) as batch_op:
        batch_op.drop_index("ix_chain_record_register_record_id")

    op.drop_table("chain_record")
    op.drop_table("chain_head_copy")
    with op.batch_alter_table("chain_block", schema=None) as batch_op:
        batch_op.drop_index("ix_chain_block_ledger_number")

    op.drop_table("chain_block")
