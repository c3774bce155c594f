"""A printed certificate is given to its holder, or to a courier."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from services.certificate.paper.commands.given import Given, Line
from services.certificate.paper.commands.loading import lock_sheet
from services.certificate.paper.domain import Manner, SheetState
from services.certificate.paper.models import HandOver
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid
from shared.persons import check_person_name
from shared.security.actor import Actor


class GiveOut(Given):
    """To the holder, or to a courier; `receiver` is who took it, the holder's own name where it is empty."""

    manner: Manner
    handed_on: date
    receiver: str = Field("", max_length=200, description="Who received it.")
    courier: Line = ""
    tracking: Annotated[str, StringConstraints(max_length=60)] = ""
    note: str = Field("", max_length=1000)


def hand_over_certificate(session: Session, actor: Actor, sheet_id: UUID, given: GiveOut) -> HandOver:
    """Note that a printed certificate was given out. Raises NotFound, Invalid, Conflict unless it is printed."""
    sheet = lock_sheet(session, sheet_id)
    if sheet.state is not SheetState.USED or sheet.version is None or sheet.used_at is None:
        raise Conflict("sheet-not-used", N_("Hanya lembar yang dipakai untuk sertifikat yang dapat diserahkan."))
    if sheet.hand_over is not None:
        raise Conflict("sheet-handed", N_("Penyerahan lembar ini sudah tercatat."))
    _check_hand_over(given, sheet.used_at.astimezone(clock.JAKARTA).date())
    receiver = (
        check_person_name(given.receiver, "receiver")
        if given.receiver
        else (sheet.version.holder_name if given.manner is Manner.HOLDER else given.courier)
    )
    sheet.hand_over = HandOver(
        sheet_id=sheet.id, manner=given.manner, handed_on=given.handed_on, receiver=receiver, courier=given.courier,
        tracking=given.tracking, note=given.note, handed_by=actor.name,
    )  # fmt: skip
    audit.record_act(
        session, actor, "sheet:hand-over", sheet.subject, None,
        {"sheet": sheet.label, "manner": given.manner, "on": given.handed_on.isoformat()},
    )  # fmt: skip
    return sheet.hand_over


def _check_hand_over(given: GiveOut, printed_on: date) -> None:
    wrong = {}
    if given.handed_on > clock.today():
        wrong["handed_on"] = N_("Tanggal ini belum tiba.")
    elif given.handed_on < printed_on:
        wrong["handed_on"] = N_("Lembar ini belum dicetak pada tanggal itu.")
    if given.manner is Manner.COURIER and not given.courier:
        wrong["courier"] = N_("Tulis nama kurirnya.")
    if wrong:
        raise Invalid("hand-over", N_("Penyerahan belum dapat dicatat."), fields=wrong)
