"""Passkeys of accounts; wrong tries of whichever second factor in a table of their own; what a browser's session waits for."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SESSION_COLUMNS = ("challenge", "challenged_at", "proved_at")


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_passkeys_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_account_id"), ["account_id"], unique=False)
    op.create_table(
        "factor_tries",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_factor_tries_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_factor_tries")),
    )
    # Who is kept waiting for wrong codes goes on waiting.
    op.execute(
        "INSERT INTO factor_tries (account_id, failures, failed_at) "
        "SELECT account_id, failures, failed_at FROM second_factors WHERE failures > 0"
    )
    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("challenge", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("challenged_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("proved_at", types.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        for column in SESSION_COLUMNS:
            batch_op.drop_column(column)
    op.drop_table("factor_tries")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_account_id"))
    op.drop_table("passkeys")
