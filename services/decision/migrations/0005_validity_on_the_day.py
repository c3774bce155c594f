"""Until when the assessor's MET and the TUK's verification were valid, with each recommendation (R5, R6)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_valid_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("centre_verified_until", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_column("centre_verified_until")
        batch_op.drop_column("met_valid_until")
