"""An id of the person behind accounts of staff, for the other stages, who do not know the NIK."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_identities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_identities", schema=None) as batch_op:
        batch_op.drop_column("person_id")
