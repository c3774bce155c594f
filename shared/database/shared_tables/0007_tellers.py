"""Who tells an event stands in the inbox, and is part of its key: nobody takes the id of another's event."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = "pk_inbox"


def upgrade() -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("teller", sa.String(length=60), server_default="", nullable=False))
    # what lies here was told by the service in its type: it is known again when it comes once more
    inbox = sa.table("inbox", sa.column("type", sa.String), sa.column("teller", sa.String))
    known = [
        row.type
        for row in op.get_bind().execute(sa.select(inbox.c.type).distinct())
        if row.type.startswith("id.kompeten.")
    ]
    for fact_type in known:
        op.execute(inbox.update().where(inbox.c.type == fact_type).values(teller=fact_type.split(".")[2][:60]))
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.alter_column("teller", existing_type=sa.String(length=60), server_default=None, nullable=False)
        batch_op.drop_constraint(KEY, type_="primary")
        batch_op.create_primary_key(KEY, ["consumer", "event_id", "teller"])


def downgrade() -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_constraint(KEY, type_="primary")
        batch_op.create_primary_key(KEY, ["consumer", "event_id"])
        batch_op.drop_column("teller")
