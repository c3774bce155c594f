"""The inventory as a file for spreadsheets."""

from collections.abc import Iterable

from flask import Response

from services.surveillance.queries import InventoryRow
from shared.clock import today
from shared.errors import N_
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


def make_inventory_csv(rows: Iterable[InventoryRow]) -> Response:
    """The rows as a CSV attachment, headings in the language of the request, the day in its name."""
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
