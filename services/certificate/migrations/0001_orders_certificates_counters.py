"""Orders, certificates, their changes, counters; and the tables every service has."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_order",
        sa.Column(
            "state",
            sa.Enum("candidate", "ordered", "fulfilled", name="orderstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("scheme_id", sa.String(length=60), nullable=False),
        sa.Column("scheme_version", sa.String(length=20), nullable=False),
        sa.Column("scheme_title", sa.String(length=500), nullable=False),
        sa.Column("forms_signed_at", types.UtcDateTime(), nullable=True),
        sa.Column("recommended", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", types.UtcDateTime(), nullable=True),
        sa.Column("agreed_version", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("acting_for_chair", sa.Boolean(), nullable=False),
        sa.Column("decree_number", sa.String(length=100), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("judgements", types.Json, nullable=False),
        sa.Column("renews", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_order")),
    )
    with op.batch_alter_table("certificate_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_order_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index("ix_certificate_order_waiting", ["state", "decided_at"], unique=False)

    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "certificate",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=False),
        sa.Column("scheme_id", sa.String(length=60), nullable=False),
        sa.Column("scheme_version", sa.String(length=20), nullable=False),
        sa.Column("scheme_title", sa.String(length=500), nullable=False),
        sa.Column("units", types.Json, nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("renews", sa.String(length=60), nullable=True),
        sa.Column("check_token", sa.String(length=40), nullable=False),
        sa.Column("check_url", sa.String(length=300), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("printed", types.Json, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "numbered",
                "valid",
                "suspended",
                "withdrawn",
                "expired",
                "voided",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("state_since", types.UtcDateTime(), nullable=False),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("numbered_at", types.UtcDateTime(), nullable=False),
        sa.Column("issued_at", types.UtcDateTime(), nullable=True),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["certificate_order.id"], name=op.f("fk_certificate_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("check_token", name=op.f("uq_certificate_check_token")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("registration_number", name=op.f("uq_certificate_registration_number")),
        sa.UniqueConstraint("serial", name=op.f("uq_certificate_serial")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index("ix_certificate_lasting", ["state", "expires_on"], unique=False)

    op.create_table(
        "certificate_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "issue", "suspend", "reinstate", "withdraw", "expire", "void", name="act", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_change_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_change")),
    )
    with op.batch_alter_table("certificate_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_change_certificate_id"), ["certificate_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("certificate_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_change_certificate_id"))

    op.drop_table("certificate_change")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_lasting")
        batch_op.drop_index(batch_op.f("ix_certificate_holder_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_id"))

    op.drop_table("certificate")
    op.drop_table("counter")
    with op.batch_alter_table("certificate_order", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_order_waiting")
        batch_op.drop_index(batch_op.f("ix_certificate_order_holder_id"))

    op.drop_table("certificate_order")
