"""Tables of agencies: who subscribes, their webhooks, and the public events kept for good."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.String(length=320), nullable=False),
        sa.Column("settled_at", types.UtcDateTime(), nullable=True),
        sa.Column("removed_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
    )
    op.create_table(
        "public_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("time", types.UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_event")),
        sa.UniqueConstraint("position", name=op.f("uq_public_event_position")),
    )
    with op.batch_alter_table("public_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_event_time"), ["time"], unique=False)
        batch_op.create_index(
            "ix_public_event_unnumbered",
            ["time"],
            unique=False,
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        )

    op.create_table(
        "agency_delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_delivery_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_delivery")),
    )
    with op.batch_alter_table("agency_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_agency_delivery_agency", ["agency_id", "id"], unique=False)

    op.create_table(
        "agency_feed_key",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_feed_key_agency_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_agency_feed_key")),
    )
    with op.batch_alter_table("agency_feed_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_feed_key_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agency_webhook",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("earlier_secret", sa.Text(), nullable=True),
        sa.Column("earlier_until", types.UtcDateTime(), nullable=True),
        sa.Column("state", sa.Enum("on", "off", name="webhookstate", native_enum=False, length=24), nullable=False),
        sa.Column("state_since", types.UtcDateTime(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failing_since", types.UtcDateTime(), nullable=True),
        sa.Column("next_try_at", types.UtcDateTime(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_webhook_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency_webhook")),
    )

    # what was told before and is still in the outbox
    op.execute(
        "INSERT INTO public_event (id, type, time, sequence, envelope) "
        "SELECT id, type, created_at, sequence, envelope FROM outbox WHERE type LIKE 'id.kompeten.public.%'"
    )


def downgrade() -> None:
    op.drop_table("agency_webhook")
    with op.batch_alter_table("agency_feed_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_feed_key_agency_id"))

    op.drop_table("agency_feed_key")
    with op.batch_alter_table("agency_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_agency_delivery_agency")

    op.drop_table("agency_delivery")
    with op.batch_alter_table("public_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_public_event_unnumbered",
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_public_event_time"))

    op.drop_table("public_event")
    op.drop_table("agency")
