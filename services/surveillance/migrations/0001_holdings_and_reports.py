"""Certificates held, reports due, reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "holding",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.String(length=60), nullable=False),
        sa.Column("scheme_version", sa.String(length=20), nullable=False),
        sa.Column("scheme_title", sa.String(length=500), nullable=False),
        sa.Column("units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("check_url", sa.String(length=500), nullable=False),
        sa.Column("renews", sa.String(length=60), nullable=True),
        sa.Column(
            "status",
            sa.Enum("valid", "suspended", "withdrawn", "expired", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
        sa.UniqueConstraint("number", name=op.f("uq_holding_number")),
    )
    op.create_index(op.f("ix_holding_holder_id"), "holding", ["holder_id"], unique=False)
    op.create_index("ix_holding_inventory", "holding", ["status", "expires_on"], unique=False)
    op.create_index(op.f("ix_holding_renews"), "holding", ["renews"], unique=False)
    op.create_index(op.f("ix_holding_scheme_id"), "holding", ["scheme_id"], unique=False)

    op.create_table(
        "renewal",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("filed_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_renewal")),
    )
    op.create_index(op.f("ix_renewal_number"), "renewal", ["number"], unique=False)

    op.create_table(
        "surveillance",
        sa.Column("holding_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "open",
                "overdue",
                "reported",
                "clarification_needed",
                "maintained",
                "suspension_proposed",
                "withdrawal_proposed",
                "lapsed",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("waiting_since", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("draft", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["holding_id"], ["holding.id"], name=op.f("fk_surveillance_holding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveillance")),
        sa.UniqueConstraint("holding_id", "year", name=op.f("uq_surveillance_holding_id_year")),
    )
    op.create_index("ix_surveillance_due", "surveillance", ["state", "due_on"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("surveillance_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["surveillance_id"], ["surveillance.id"], name=op.f("fk_document_surveillance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_surveillance_id"), "document", ["surveillance_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("surveillance_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["surveillance_id"], ["surveillance.id"], name=op.f("fk_report_surveillance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("surveillance_id", "round", name=op.f("uq_report_surveillance_id_round")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("surveillance_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "maintained",
                "clarification_needed",
                "suspension_proposed",
                "withdrawal_proposed",
                name="outcome",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_name", sa.String(length=200), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["surveillance_id"], ["surveillance.id"], name=op.f("fk_review_surveillance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_surveillance_id"), "review", ["surveillance_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_review_surveillance_id"), table_name="review")

    op.drop_table("review")
    op.drop_table("report")
    op.drop_index(op.f("ix_document_surveillance_id"), table_name="document")

    op.drop_table("document")
    op.drop_index("ix_surveillance_due", table_name="surveillance")

    op.drop_table("surveillance")
    op.drop_index(op.f("ix_renewal_number"), table_name="renewal")

    op.drop_table("renewal")
    op.drop_index(op.f("ix_holding_scheme_id"), table_name="holding")
    op.drop_index(op.f("ix_holding_renews"), table_name="holding")
    op.drop_index("ix_holding_inventory", table_name="holding")
    op.drop_index(op.f("ix_holding_holder_id"), table_name="holding")

    op.drop_table("holding")
    op.drop_table("account")
