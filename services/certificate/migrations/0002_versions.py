"""Versions of a certificate: what was fixed with the one sheet moves to the first version."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOVED = "check_token, check_url, template, printed, object_key, sha256, size"


def upgrade() -> None:
    op.create_table(
        "certificate_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum("first", "correction", "reduction", name="cause", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("making", "current", "superseded", "voided", name="versionstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", types.UtcDateTime(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("units", types.Json, nullable=False),
        sa.Column("check_token", sa.String(length=40), nullable=False),
        sa.Column("check_url", sa.String(length=300), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("printed", types.Json, nullable=False),
        sa.Column("photo_key", sa.String(length=200), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("signed_with", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_version_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_version")),
        sa.UniqueConstraint("certificate_id", "version", name=op.f("uq_certificate_version_certificate_id_version")),
        sa.UniqueConstraint("check_token", name=op.f("uq_certificate_version_check_token")),
        sa.UniqueConstraint("status_index", name=op.f("uq_certificate_version_status_index")),
    )
    with op.batch_alter_table("certificate_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_version_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_version_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_version_state"), ["state"], unique=False)

    op.execute(
        f"INSERT INTO certificate_version (id, certificate_id, version, cause, reason, ordered_by, state, state_since,"  # noqa: S608
        f" holder_name, units, photo_key, status_index, made_at, credential, signed_with, {MOVED})"
        f" SELECT id, id, 1, 'first', '', '',"
        f" CASE state WHEN 'numbered' THEN 'making' WHEN 'voided' THEN 'voided' ELSE 'current' END,"
        f" state_since, holder_name, units, '', serial, numbered_at, '', '', {MOVED} FROM certificate"
    )
    op.execute("INSERT INTO counter (name, value) SELECT 'status', coalesce(max(serial), 0) FROM certificate")

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("current_version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("reduced_at", types.UtcDateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_certificate_check_token"), type_="unique")
        for column in MOVED.split(", "):
            batch_op.drop_column(column)
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("current_version", server_default=None)

    with op.batch_alter_table("certificate_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))

    with op.batch_alter_table("certificate_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meeting_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("photo_key", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("photo_sha256", sa.String(length=64), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_certificate_order_meeting_id"), ["meeting_id"], unique=False)
    with op.batch_alter_table("certificate_order", schema=None) as batch_op:
        batch_op.alter_column("photo_key", server_default=None)
        batch_op.alter_column("photo_sha256", server_default=None)


def downgrade() -> None:
    """Keeps the version in force of each certificate; the others are lost."""
    with op.batch_alter_table("certificate_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_order_meeting_id"))
        batch_op.drop_column("photo_sha256")
        batch_op.drop_column("photo_key")
        batch_op.drop_column("meeting_id")

    with op.batch_alter_table("certificate_change", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_token", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("check_url", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("template", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("printed", types.Json, nullable=True))
        batch_op.add_column(sa.Column("object_key", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("size", sa.Integer(), nullable=True))
    for column in MOVED.split(", "):
        op.execute(
            f"UPDATE certificate SET {column} = (SELECT v.{column} FROM certificate_version v"  # noqa: S608 - our names
            f" WHERE v.certificate_id = certificate.id AND v.version = certificate.current_version)"
        )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        for column in MOVED.split(", "):
            batch_op.alter_column(column, nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_check_token"), ["check_token"])
        batch_op.drop_column("reduced_at")
        batch_op.drop_column("current_version")

    op.execute("DELETE FROM counter WHERE name = 'status'")
    op.drop_table("certificate_version")
