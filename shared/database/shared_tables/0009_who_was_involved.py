"""Who was involved in a case, as what."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PARTS = ("verified", "assigned", "pre_assessed", "assessed", "decided", "heard_appeal", "tied", "trained")


def upgrade() -> None:
    op.create_table(
        "involvements",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Enum(*PARTS, name="involvement", native_enum=False, length=24), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("since", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("application_id", "person_id", "part", name=op.f("pk_involvements")),
    )
    with op.batch_alter_table("involvements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_involvements_applicant_id"), ["applicant_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("involvements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_involvements_applicant_id"))
    op.drop_table("involvements")
