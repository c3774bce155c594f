"""Certificates are given the sheets they will be printed on; a sheet is used at most once (domain handbook 5)."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Select, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from services.certificate.body_settings import find_stock_template
from services.certificate.domain.states import STATES_IN_FORCE
from services.certificate.domain.validity import judge_state_on
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Order, Version
from services.certificate.paper.commands.given import Given
from services.certificate.paper.commands.looking import note_sheet_look
from services.certificate.paper.domain import LARGEST_RUN, SheetState
from services.certificate.paper.models import StockRange, StockSheet
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.security.actor import Actor

MEANWHILE = N_("Lembar atau sertifikat ini baru saja dipakai orang lain. Muat ulang halaman, lalu ulangi.")


class UseSheets(Given):
    """Certificates to be printed together, one sheet each, from the next free sheet or from `first_sheet` on.

    With a `meeting`, all of it that wait for paper, at most `LARGEST_RUN` at a time.
    """

    certificate_ids: Annotated[list[UUID], Field(max_length=LARGEST_RUN)] = []
    meeting: UUID | None = Field(None, description="All certificates of this decision meeting instead.")
    first_sheet: str = Field("", max_length=40, description="Number of the sheet that lies on top, as printed.")


def use_sheets(session: Session, actor: Actor, given: UseSheets) -> UUID:
    """Give each certificate's version in force a sheet, in the order of their numbers; the id of this run.

    Raises Invalid when none is chosen, NotFound, Conflict for one that may not be printed or has a sheet, or when
    there are too few sheets.
    """
    versions = _versions_to_print(session, _chosen(session, given))
    sheets = _free_sheets(session, len(versions), given.first_sheet)
    run_id, now = uuid4(), clock.now()
    for sheet, version in zip(sheets, versions, strict=True):
        sheet.state, sheet.version_id, sheet.run_id = SheetState.USED, version.id, run_id
        sheet.used_at, sheet.used_by = now, actor.name
        audit.record_act(
            session, actor, "sheet:use", sheet.subject, {"state": SheetState.FREE},
            {"state": sheet.state, "sheet": sheet.label, "certificate": version.certificate.number},
        )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("sheet-meanwhile", MEANWHILE) from error
    return run_id


def note_printing(session: Session, actor: Actor, sheets: Sequence[StockSheet]) -> None:
    """Note in the audit log who took the file to print, for each sheet, and the look at its holder (R26)."""
    for sheet in sheets:
        note_sheet_look(session, actor, sheet)
        audit.record_act(session, actor, "sheet:print", sheet.subject, None, {"sheet": sheet.label})


def select_waiting_versions() -> Select[Any]:
    """The versions in force that stand on no sheet that counts, in the order of their numbers, joined with Order."""
    printed = exists().where(StockSheet.version_id == Version.id, StockSheet.state == SheetState.USED)
    return (
        select(Version)
        .join(Version.certificate)
        .join(Order, Order.id == Certificate.application_id)
        .where(
            Version.state == VersionState.CURRENT,
            Certificate.state.in_(STATES_IN_FORCE),
            Certificate.expires_on >= clock.today(),
            ~printed,
        )
        .order_by(Certificate.serial)
    )


def _chosen(session: Session, given: UseSheets) -> list[UUID]:
    chosen = given.certificate_ids
    if given.meeting is not None:
        of_meeting = select_waiting_versions().where(Order.meeting_id == given.meeting).limit(LARGEST_RUN)
        chosen = [version.certificate_id for version in session.scalars(of_meeting)]
    if not chosen:
        message = N_("Pilih sertifikat yang akan dicetak.")
        raise Invalid("nothing-chosen", message, fields={"certificate_ids": message})
    return chosen


def _versions_to_print(session: Session, certificate_ids: Sequence[UUID]) -> list[Version]:
    """The versions in force of these certificates, locked, in the order of their numbers."""
    wanted = set(certificate_ids)
    versions = list(
        session.scalars(
            select(Version)
            .join(Version.certificate)
            .where(Certificate.id.in_(wanted), Version.state == VersionState.CURRENT)
            .options(contains_eager(Version.certificate))
            .order_by(Certificate.serial)
            .with_for_update()
        )
    )
    if len(versions) != len(wanted):
        raise NotFound("certificate-unknown", N_("Ada sertifikat yang tidak ada atau belum terbit dalam pilihan ini."))
    for version in versions:
        _check_printable(version)
    printed = session.scalars(
        select(StockSheet)
        .where(StockSheet.version_id.in_([one.id for one in versions]), StockSheet.state == SheetState.USED)
        .options(joinedload(StockSheet.version))
    ).first()
    if printed is not None:
        raise Conflict(
            "certificate-printed",
            N_("Sertifikat ini sudah memakai lembar {sheet}. Bila lembar itu rusak, catat dahulu kerusakannya."),
            sheet=printed.label,
        )
    return versions


def _check_printable(version: Version) -> None:
    certificate = version.certificate
    if judge_state_on(certificate.state, certificate.expires_on, clock.today()) not in STATES_IN_FORCE:
        raise Conflict(
            "certificate-not-valid",
            N_("Sertifikat {number} tidak sedang berlaku, jadi tidak dicetak."),
            number=certificate.number,
        )
    if not find_stock_template(version.template).is_file():
        raise Conflict(
            "certificate-no-stock",
            N_("Tata letak sertifikat {number} tidak mempunyai varian untuk blanko."),
            number=certificate.number,
        )


def _free_sheets(session: Session, number: int, first: str) -> list[StockSheet]:
    """The next free sheets in their order, locked; whoever comes at the same moment gets those after them."""
    free = select(StockSheet).where(StockSheet.state == SheetState.FREE)
    if first:
        top = session.scalars(select(StockSheet).where(StockSheet.label == first.upper())).one_or_none()
        if top is None or top.state is not SheetState.FREE:
            wrong = N_("Lembar ini tidak ada dalam persediaan atau sudah terpakai.")
            raise Invalid("sheet-not-free", wrong, fields={"first_sheet": wrong})
        free = free.where(StockSheet.prefix == top.prefix, StockSheet.number >= top.number)
    else:
        free = free.join(StockSheet.range).order_by(StockRange.received_on, StockRange.created_at)
    sheets = list(
        session.scalars(
            free.order_by(StockSheet.prefix, StockSheet.number)
            .limit(number)
            .with_for_update(of=StockSheet, skip_locked=True)
        )
    )
    if len(sheets) < number:
        raise Conflict(
            "stock-short",
            N_("Hanya ada {left} lembar kosong untuk {wanted} sertifikat. Catat penerimaan blanko atau kurangi."),
            left=len(sheets),
            wanted=number,
        )
    return sheets
