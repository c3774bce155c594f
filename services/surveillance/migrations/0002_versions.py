"""What corrections and reductions of scope change, and when a proposal was settled."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sheet", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("named_in", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("reduced", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("holding", schema=None) as batch_op:
        for column in ("sheet", "named_in", "reduced"):
            batch_op.alter_column(column, server_default=None)

    with op.batch_alter_table("surveillance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_at", types.UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE surveillance SET settled_at = waiting_since WHERE state IN ('suspension_proposed', 'withdrawal_proposed')"
        " AND holding_id IN (SELECT id FROM holding WHERE status NOT IN ('valid'))"
    )


def downgrade() -> None:
    op.execute("UPDATE holding SET status = 'valid' WHERE status = 'reduced'")
    with op.batch_alter_table("surveillance", schema=None) as batch_op:
        batch_op.drop_column("settled_at")
    with op.batch_alter_table("holding", schema=None) as batch_op:
        for column in ("reduced", "named_in", "sheet"):
            batch_op.drop_column(column)
