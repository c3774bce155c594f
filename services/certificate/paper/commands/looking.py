"""Opening a sheet: whoever else sees whose certificate stands on it is noted (UU 27/2022)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.certificate.paper.models import StockSheet
from services.certificate.paper.queries.sheets import SheetView, view_sheet
from shared.access_log import Look, note_looks
from shared.security.actor import Actor


def open_sheet(session: Session, actor: Actor, sheet_id: UUID) -> SheetView:
    """One sheet with everything that happened to it; who looked is noted where a certificate stands on it.

    Raises NotFound.
    """
    found = view_sheet(session, sheet_id)
    note_sheet_look(session, actor, session.get_one(StockSheet, sheet_id))
    return found


def note_sheet_look(session: Session, actor: Actor, sheet: StockSheet) -> None:
    """Note that the actor is shown whose certificate stands on a sheet, if anybody's (UU 27/2022)."""
    if sheet.version is not None:
        note_looks(session, actor, [sheet.version.certificate.holder_id], Look.CERTIFICATE, sheet.subject)
