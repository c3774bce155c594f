"""After BK a re-assessment can be asked for without an appeal, until a day of its own (process 2.10)."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CASES = sa.table(
    "cases",
    sa.column("id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("decided_at", types.UtcDateTime()),
    sa.column("reassess_until", types.UtcDateTime()),
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("reassess_until", types.UtcDateTime(timezone=True), nullable=True))
    op.add_column("recommendations", sa.Column("unit_notes", types.Json, nullable=True))
    with op.batch_alter_table("reassessments") as batch_op:
        batch_op.alter_column("appeal_id", existing_type=sa.Uuid(), nullable=True)
    _open_the_way(op.get_bind())


def downgrade() -> None:
    """What was asked for without an appeal has none to name; it is taken away, its count with it."""
    op.execute("DELETE FROM reassessments WHERE appeal_id IS NULL")
    with op.batch_alter_table("reassessments") as batch_op:
        batch_op.alter_column("appeal_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("recommendations", "unit_notes")
    op.drop_column("cases", "reassess_until")


def _open_the_way(connection: sa.Connection) -> None:
    """Cases that are BK or under appeal get a year from their decision, as new ones do."""
    open_ones = sa.select(CASES).where(CASES.c.state.in_(("decided_bk", "appealed")), CASES.c.decided_at.is_not(None))
    for row in connection.execute(open_ones).all():
        values: dict[str, Any] = {"reassess_until": _a_year_later(row.decided_at)}
        connection.execute(sa.update(CASES).where(CASES.c.id == row.id).values(values))


def _a_year_later(decided_at: datetime) -> datetime:
    return decided_at + timedelta(days=366)
