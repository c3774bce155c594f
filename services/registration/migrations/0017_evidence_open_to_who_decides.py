"""Whose evidence is open to which officer or member of a panel, once impartiality is declared."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier_rights",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_rights")),
    )
    with op.batch_alter_table("dossier_rights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_rights_application_id"), ["application_id"], unique=False)


def downgrade() -> None:
    op.drop_table("dossier_rights")
