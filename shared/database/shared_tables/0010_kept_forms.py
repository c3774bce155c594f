"""What was typed into a form and has not arrived."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("page_id", sa.String(length=64), nullable=False),
        sa.Column("until", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("typed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_page_id"), "kept_form", ["page_id"], unique=False)
    op.create_index(op.f("ix_kept_form_until"), "kept_form", ["until"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_kept_form_until"), table_name="kept_form")
    op.drop_index(op.f("ix_kept_form_page_id"), table_name="kept_form")
    op.drop_table("kept_form")
