"""What is in an uploaded PDF besides what is read is kept with the document; pictures hold nothing of the kind."""

import sqlalchemy as sa
from alembic import op

from shared.database.types import Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active_content", Json, nullable=True))
    documents = sa.table("documents", sa.column("content_type"), sa.column("active_content", Json))
    op.execute(documents.update().where(documents.c.content_type != "application/pdf").values(active_content=[]))


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("active_content")
