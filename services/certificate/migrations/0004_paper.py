"""Pre-printed sheets, what they were used for, and certificates handed over; the sequence of the holder's photo."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_range",
        sa.Column("letter_number", sa.String(length=100), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("received_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_range")),
    )
    op.create_table(
        "stock_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("range_id", sa.Uuid(), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum("free", "used", "spoiled", name="sheetstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.String(length=200), nullable=False),
        sa.Column("spoiled_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("spoiled_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["range_id"], ["stock_range.id"], name=op.f("fk_stock_sheet_range_id")),
        sa.ForeignKeyConstraint(["version_id"], ["certificate_version.id"], name=op.f("fk_stock_sheet_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_sheet")),
        sa.UniqueConstraint("prefix", "number", name=op.f("uq_stock_sheet_prefix_number")),
    )
    used = sa.text("state = 'used'")
    with op.batch_alter_table("stock_sheet") as table:
        table.create_index("ix_stock_sheet_next", ["state", "prefix", "number"])
        table.create_index("ix_stock_sheet_range_id", ["range_id"])
        table.create_index("ix_stock_sheet_run_id", ["run_id"])
        table.create_index("ix_stock_sheet_version_id", ["version_id"])
        table.create_index(
            "uq_stock_sheet_used_version", ["version_id"], unique=True, postgresql_where=used, sqlite_where=used
        )
    op.create_table(
        "hand_over",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("manner", sa.Enum("holder", "courier", name="manner", native_enum=False, length=24), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("courier", sa.String(length=100), nullable=False),
        sa.Column("tracking", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("handed_by", sa.String(length=200), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["stock_sheet.id"], name=op.f("fk_hand_over_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over") as table:
        table.create_index("ix_hand_over_handed_on", ["handed_on"])
    with op.batch_alter_table("certificate_order") as table:
        table.add_column(sa.Column("photo_sequence", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("certificate_order") as table:
        table.alter_column("photo_sequence", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("certificate_order") as table:
        table.drop_column("photo_sequence")
    op.drop_table("hand_over")
    op.drop_table("stock_sheet")
    op.drop_table("stock_range")
