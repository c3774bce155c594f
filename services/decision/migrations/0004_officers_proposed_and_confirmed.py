"""Officers are proposed by one person and confirmed by another."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officer_proposals",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_by_person", sa.Uuid(), nullable=True),
        sa.Column("expires_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_proposals")),
    )
    with op.batch_alter_table("officer_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_proposals_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_officer_proposals_state"), ["state"], unique=False)

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))

    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by_name", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by_name")
        batch_op.drop_column("confirmed_by")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("person_id")

    with op.batch_alter_table("officer_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_proposals_state"))
        batch_op.drop_index(batch_op.f("ix_officer_proposals_expires_at"))

    op.drop_table("officer_proposals")
