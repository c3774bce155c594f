"""The content that decisions rest on: files as submitted, records of the day, and who declared to be impartial."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submitted_files",
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("nik_shown", sa.Text(), nullable=False),
        sa.Column("documents", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("file_hash", name=op.f("pk_submitted_files")),
    )
    with op.batch_alter_table("submitted_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submitted_files_application_id"), ["application_id"], unique=False)
    op.create_table(
        "declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=200), nullable=False),
        sa.Column("declared_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_declarations_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("case_id", "account_id", name=op.f("uq_declarations_case_id_account_id")),
    )
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declarations_account_id"), ["account_id"], unique=False)
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        # Recommendations of before have no content: it was never told.
        batch_op.add_column(sa.Column("record", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_column("record")
    op.drop_table("declarations")
    op.drop_table("submitted_files")
