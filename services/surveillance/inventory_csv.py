"""The inventory as a file for spreadsheets."""

from collections.abc import Sequence

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.models import Holding
from services.surveillance.queries import InventoryRow
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.clock import today
from shared.errors import N_
from shared.security.actor import Actor
from shared.web import make_csv_download

COLUMNS = (
    N_("Nomor sertifikat"),
    N_("Nama pemegang"),
    N_("Skema"),
    N_("Terbit"),
    N_("Berlaku sampai"),
    N_("Sisa hari"),
    N_("Status"),
    N_("Sertifikasi ulang"),
)


def make_inventory_csv(session: Session, actor: Actor, rows: Sequence[InventoryRow]) -> Response:
    """The rows as a CSV attachment, headings in the language of the request, the day in its name.

    That it was taken is noted, and for each person on it by whom (UU 27/2022).
    """
    ids = [row.certificate_id for row in rows]
    note_looks(
        session,
        actor,
        session.scalars(select(Holding.holder_id).where(Holding.id.in_(ids))),
        Look.EXPORT,
        "inventory",
    )
    record_act(session, actor, "inventory:export", "inventory", None, {"lines": len(ids)})
    return make_csv_download(
        f"inventaris-sertifikat-{today().isoformat()}.csv",
        COLUMNS,
        [
            (
                row.number,
                row.holder_name,
                row.scheme_title,
                row.issued_on.isoformat(),
                row.expires_on.isoformat(),
                row.days_left,
                row.status,
                row.renewal,
            )
            for row in rows
        ],
    )
