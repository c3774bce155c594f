"""One live application per person and scheme, or the certificate in force: the place has a row (domain handbook 10).

Of several that live in data of before, the furthest gets the place, of equals the newest. Nothing is taken away from
the others; they are named in the log, for the secretariat.
"""

import logging
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.runtime.migration")

ORDER = ("draft", "filed", "returned", "admitted", "returned_by_assessor", "self_assessed")
RUNNING = ("decided_k", "appeal_received", "appeal_panel_named", "appeal_upheld", "reassessment_ordered")
ENDING = ("decided_bk", "appeal_rejected")
APPLICATIONS = sa.table(
    "applications",
    sa.column("id", sa.Uuid()),
    sa.column("applicant_id", sa.Uuid()),
    sa.column("scheme_id", sa.String()),
    sa.column("state", sa.String()),
    sa.column("created_at", types.UtcDateTime()),
)
MILESTONES = sa.table(
    "milestones",
    sa.column("application_id", sa.Uuid()),
    sa.column("stage", sa.String()),
    sa.column("at", types.UtcDateTime()),
    sa.column("data", types.Json),
)
HOLDINGS = sa.table(
    "holdings",
    sa.column("number", sa.String()),
    sa.column("holder_id", sa.Uuid()),
    sa.column("application_id", sa.Uuid()),
    sa.column("scheme_id", sa.String()),
    sa.column("expires_on", sa.Date()),
    sa.column("status", sa.String()),
)


def upgrade() -> None:
    holds = op.create_table(
        "scheme_holds",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.String(length=60), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("certificate", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "scheme_id", name=op.f("pk_scheme_holds")),
        sa.UniqueConstraint("application_id", name=op.f("uq_scheme_holds_application_id")),
    )
    op.create_index("ix_scheme_holds_certificate", "scheme_holds", ["certificate"])
    rows = _list_holds(op.get_bind())
    if rows:
        op.bulk_insert(holds, rows)


def downgrade() -> None:
    op.drop_table("scheme_holds")


def _list_holds(connection: sa.Connection) -> list[dict[str, Any]]:
    happened: dict[Any, list[Any]] = defaultdict(list)
    for row in connection.execute(sa.select(MILESTONES).order_by(MILESTONES.c.at)):
        happened[row.application_id].append(row)
    holdings = connection.execute(sa.select(HOLDINGS).order_by(HOLDINGS.c.expires_on)).all()
    certified = {row.application_id for row in holdings}
    living: dict[tuple[Any, str], list[Any]] = defaultdict(list)
    for row in connection.execute(sa.select(APPLICATIONS).where(APPLICATIONS.c.state != "withdrawn")):
        if row.id not in certified and not _is_over(happened[row.id]):
            living[row.applicant_id, row.scheme_id].append(row)
    found = {
        (row.holder_id, row.scheme_id): {"application_id": row.application_id, "certificate": row.number}
        for row in holdings
        if row.status in ("valid", "suspended") and row.expires_on >= datetime.now(UTC).date()
    }
    for key, rows in living.items():
        first, *others = sorted(rows, key=lambda row: _advance(row, happened[row.id]), reverse=True)
        found[key] = {"application_id": first.id, "certificate": None}
        if others:
            kept = ", ".join(str(row.id) for row in others)
            log.warning("account %s has several applications for %s: %s lives, beside it stay %s", *key, first.id, kept)
    return [{"account_id": account, "scheme_id": scheme, **values} for (account, scheme), values in found.items()]


def _is_over(happened: list[Any]) -> bool:
    """Whether it ended in BK: nothing goes on, and the time to appeal has passed."""
    decisive = [row for row in happened if row.stage in RUNNING + ENDING]
    if not decisive or decisive[-1].stage in RUNNING:
        return False
    decided = [row for row in decisive if row.stage == "decided_bk"]
    until = decided[-1].data.get("appeal_until") if decided else None
    return until is None or datetime.fromisoformat(until) < datetime.now(UTC)


def _advance(row: Any, happened: list[Any]) -> tuple[int, int, datetime]:
    decided = sum(one.stage in RUNNING + ENDING for one in happened)
    return decided, ORDER.index(row.state) + len(happened), row.created_at
