"""Generations of accounts: which access tokens count no longer."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_generations",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("raised_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_generations")),
    )
    with op.batch_alter_table("account_generations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_generations_raised_at"), ["raised_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("account_generations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_generations_raised_at"))
    op.drop_table("account_generations")
