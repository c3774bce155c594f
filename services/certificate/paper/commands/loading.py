"""The sheet an act is about."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.certificate.paper.models import StockSheet
from shared.errors import N_, NotFound

UNKNOWN = N_("Lembar blanko ini tidak ada. Periksa alamatnya, atau mulai dari daftar lembar.")


def lock_sheet(session: Session, sheet_id: UUID) -> StockSheet:
    """The sheet, locked until the transaction ends. Raises NotFound."""
    sheet = session.get(StockSheet, sheet_id, with_for_update=True)
    if sheet is None:
        raise NotFound("sheet-unknown", UNKNOWN)
    return sheet
