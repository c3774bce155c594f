"""Addresses of accounts under international domains by their ASCII form, as they are looked up and mailed from now on."""

import sqlalchemy as sa
from alembic import op

from shared.persons import fold_typed_email

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

accounts = sa.table("accounts", sa.column("id", sa.Uuid()), sa.column("email", sa.String()))


def upgrade() -> None:
    connection = op.get_bind()
    known = {row.email: row.id for row in connection.execute(sa.select(accounts.c.id, accounts.c.email))}
    for email, account_id in known.items():
        folded = fold_typed_email(email)
        if email.isascii() or folded in known:
            continue
        connection.execute(accounts.update().where(accounts.c.id == account_id).values(email=folded))


def downgrade() -> None:
    """The ASCII form stays: it is the same address."""
