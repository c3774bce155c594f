"""Whose an account of staff is, by the encrypted NIK."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_identities",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("nik", sa.Text(), nullable=False),
        sa.Column("given_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_staff_identities_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_identities")),
    )


def downgrade() -> None:
    op.drop_table("staff_identities")
