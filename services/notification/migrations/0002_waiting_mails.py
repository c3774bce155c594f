"""Mails wait for the mail server, and until when."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITS = sa.text("waiting_since IS NOT NULL")


def upgrade() -> None:
    moment = types.UtcDateTime(timezone=True)
    with op.batch_alter_table("mail") as table:
        table.add_column(sa.Column("queued_at", moment, nullable=True))
        table.add_column(sa.Column("waiting_since", moment, nullable=True))
        table.add_column(sa.Column("expires_at", moment, nullable=True))
    op.execute("UPDATE mail SET queued_at = CURRENT_TIMESTAMP")
    with op.batch_alter_table("mail") as table:
        table.alter_column("queued_at", existing_type=moment, nullable=False)
    op.create_index("ix_mail_waiting", "mail", ["waiting_since"], postgresql_where=WAITS, sqlite_where=WAITS)


def downgrade() -> None:
    op.drop_index("ix_mail_waiting", table_name="mail")
    with op.batch_alter_table("mail") as table:
        for name in ("expires_at", "waiting_since", "queued_at"):
            table.drop_column(name)
