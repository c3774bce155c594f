"""The keyed hashes of a NIK have a table of their own: there is one for each key that was known."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nik_indexes",
        sa.Column("nik_index", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["identities.account_id"], name=op.f("fk_nik_indexes_account_id")),
        sa.PrimaryKeyConstraint("nik_index", name=op.f("pk_nik_indexes")),
    )
    op.create_index("ix_nik_indexes_account_id", "nik_indexes", ["account_id"])
    op.execute("INSERT INTO nik_indexes (nik_index, account_id) SELECT nik_index, account_id FROM identities")
    with op.batch_alter_table("identities") as batch_op:
        batch_op.drop_constraint(op.f("uq_identities_nik_index"), type_="unique")
        batch_op.drop_column("nik_index")
    with op.batch_alter_table("applications") as batch_op:
        batch_op.drop_column("nik_index")


def downgrade() -> None:
    """The hash of the oldest key is gone where keys were retired: whoever has none is found by no NIK."""
    with op.batch_alter_table("applications") as batch_op:
        batch_op.add_column(sa.Column("nik_index", sa.String(length=64), nullable=True))
    with op.batch_alter_table("identities") as batch_op:
        batch_op.add_column(sa.Column("nik_index", sa.String(length=64), nullable=True))
    op.execute(
        "UPDATE identities SET nik_index ="
        " (SELECT min(nik_index) FROM nik_indexes WHERE nik_indexes.account_id = identities.account_id)"
    )
    with op.batch_alter_table("identities") as batch_op:
        batch_op.alter_column("nik_index", nullable=False)
        batch_op.create_unique_constraint(op.f("uq_identities_nik_index"), ["nik_index"])
    op.drop_table("nik_indexes")
