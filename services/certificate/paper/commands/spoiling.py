"""A sheet that cannot be used is kept on record with its reason."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from services.certificate.paper.commands.given import Given
from services.certificate.paper.commands.loading import lock_sheet
from services.certificate.paper.domain import SheetState
from services.certificate.paper.models import StockSheet
from shared import audit, clock
from shared.errors import N_, Conflict
from shared.security.actor import Actor
from shared.visible import require_visible


class Spoil(Given):
    """Why a sheet cannot be used."""

    reason: Annotated[str, require_visible(3)] = Field(
        min_length=5, max_length=1000, description="What happened to the sheet."
    )


def spoil_sheet(session: Session, actor: Actor, sheet_id: UUID, given: Spoil) -> StockSheet:
    """Note a sheet as unusable or misprinted: its certificate needs another. Raises NotFound, Conflict."""
    sheet = lock_sheet(session, sheet_id)
    if sheet.state is SheetState.SPOILED:
        raise Conflict("sheet-spoiled", N_("Lembar ini sudah tercatat rusak."))
    if sheet.hand_over is not None:
        raise Conflict("sheet-handed", N_("Lembar ini sudah diserahkan; tidak dapat dicatat rusak lagi."))
    before = sheet.state
    sheet.state, sheet.reason = SheetState.SPOILED, given.reason
    sheet.spoiled_at, sheet.spoiled_by = clock.now(), actor.name
    audit.record_act(
        session, actor, "sheet:spoil", sheet.subject, {"state": before},
        {"state": sheet.state, "sheet": sheet.label, "reason": given.reason},
    )  # fmt: skip
    return sheet
