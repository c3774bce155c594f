"""Leases of jobs, an outbox with a lane for each exchange, the causes of jobs, since when an event waits."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting_since", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_inbox_received_at"))
        batch_op.create_index("ix_inbox_state_received_at", ["state", "received_at"], unique=False)

    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("causation_id", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("lease_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "ix_jobs_dead",
            ["next_try_at"],
            unique=False,
            postgresql_where=sa.text("state = 'dead'"),
            sqlite_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            "ix_jobs_done",
            ["done_at"],
            unique=False,
            postgresql_where=sa.text("state = 'done'"),
            sqlite_where=sa.text("state = 'done'"),
        )
        batch_op.create_index(
            "ix_jobs_leased",
            ["lease_id"],
            unique=False,
            postgresql_where=sa.text("lease_id IS NOT NULL"),
            sqlite_where=sa.text("lease_id IS NOT NULL"),
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("exchange", sa.String(length=60), server_default="kompeten.events", nullable=False)
        )
        batch_op.drop_index(batch_op.f("ix_outbox_published_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_unpublished"), sqlite_where=sa.text("published_at IS NULL"))
        batch_op.create_index(
            "ix_outbox_unpublished",
            ["exchange", "position"],
            unique=False,
            postgresql_where=sa.text("published_at IS NULL"),
            sqlite_where=sa.text("published_at IS NULL"),
        )
        batch_op.create_index(
            "ix_outbox_published",
            ["created_at"],
            unique=False,
            postgresql_where=sa.text("published_at IS NOT NULL"),
            sqlite_where=sa.text("published_at IS NOT NULL"),
        )

    # what waits for the agencies keeps its place in their lane
    op.execute("UPDATE outbox SET exchange = 'kompeten.public' WHERE type LIKE 'id.kompeten.public.%'")


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_published",
            postgresql_where=sa.text("published_at IS NOT NULL"),
            sqlite_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_outbox_unpublished",
            postgresql_where=sa.text("published_at IS NULL"),
            sqlite_where=sa.text("published_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_unpublished"),
            ["position"],
            unique=False,
            sqlite_where=sa.text("published_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_published_at"), ["published_at"], unique=False)
        batch_op.drop_column("exchange")

    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_jobs_leased",
            postgresql_where=sa.text("lease_id IS NOT NULL"),
            sqlite_where=sa.text("lease_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_jobs_done", postgresql_where=sa.text("state = 'done'"), sqlite_where=sa.text("state = 'done'")
        )
        batch_op.drop_index(
            "ix_jobs_dead", postgresql_where=sa.text("state = 'dead'"), sqlite_where=sa.text("state = 'dead'")
        )
        batch_op.drop_column("lease_id")
        batch_op.drop_column("causation_id")

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_state_received_at")
        batch_op.create_index(batch_op.f("ix_inbox_received_at"), ["received_at"], unique=False)
        batch_op.drop_column("waiting_since")
