"""Acts on many certificates at once, and their lines."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = ("issue", "suspend", "reinstate", "withdraw")
STATES = ("prepared", "running", "stopped", "finished", "discarded")
PLANS = ("act", "issue", "remind", "nothing")
ITEM_STATES = ("planned", "left_out", "done", "refused", "failed")


def upgrade() -> None:
    op.create_table(
        "certificate_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="batchkind", native_enum=False, length=24), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="batchstate", native_enum=False, length=24), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by_name", sa.String(length=200), nullable=False),
        sa.Column("prepared_at", types.UtcDateTime(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_name", sa.String(length=200), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
    )
    op.create_index("ix_certificate_batch_meeting_id", "certificate_batch", ["meeting_id"])
    op.create_index("ix_certificate_batch_prepared_at", "certificate_batch", ["prepared_at"])
    op.create_table(
        "certificate_batch_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("given", sa.String(length=200), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("seen", sa.String(length=24), nullable=False),
        sa.Column("plan", sa.Enum(*PLANS, name="plan", native_enum=False, length=24), nullable=False),
        sa.Column("problems", types.Json, nullable=False),
        sa.Column("state", sa.Enum(*ITEM_STATES, name="itemstate", native_enum=False, length=24), nullable=False),
        sa.Column("remarks", types.Json, nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["certificate_batch.id"], name=op.f("fk_certificate_batch_item_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch_item")),
        sa.UniqueConstraint("batch_id", "line", name=op.f("uq_certificate_batch_item_batch_id_line")),
    )
    op.create_index("ix_certificate_batch_item_order_id", "certificate_batch_item", ["order_id"])
    op.create_index("ix_certificate_batch_item_open", "certificate_batch_item", ["batch_id", "state", "line"])


def downgrade() -> None:
    op.drop_table("certificate_batch_item")
    op.drop_table("certificate_batch")
