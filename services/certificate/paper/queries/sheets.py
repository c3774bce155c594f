"""Single sheets: what stands on each, what was spoiled, to whom it was handed over (domain handbook 5)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from services.certificate.models import Certificate, Version
from services.certificate.paper.commands.loading import UNKNOWN
from services.certificate.paper.domain import Manner, SheetState
from services.certificate.paper.models import HandOver, StockSheet
from shared import clock
from shared.errors import N_, NotFound
from shared.pagination import Page, PageQuery, contains_text, paginate

CSV_COLUMNS = (
    N_("Lembar"), N_("Status"), N_("Nomor sertifikat"), N_("Nama"), N_("Dipakai"), N_("Oleh"), N_("Alasan rusak"),
    N_("Penyerahan"), N_("Tanggal penyerahan"), N_("Penerima"), N_("Kurir"), N_("Nomor resi"),
)  # fmt: skip
WITH_CERTIFICATE = joinedload(StockSheet.version).joinedload(Version.certificate)
WAITING = "waiting"
HANDED = "handed"
EXPORT_BATCH = 500


class SheetQuery(PageQuery):
    """Sheets; `status` is a state, or whether a printed one was handed over: `waiting` or `handed`."""

    range: UUID | None = Field(None, description="Only of this range.")
    run: UUID | None = Field(None, description="Only printed together in this run.")


class HandOverView(BaseModel):
    """How a printed certificate was given out: to whom, when, by whom."""

    manner: Manner
    handed_on: date
    receiver: str
    courier: str
    tracking: str
    note: str
    handed_by: str


class SheetView(BaseModel):
    """One sheet and what stands on it."""

    id: UUID
    label: str
    state: SheetState
    range_id: UUID
    run_id: UUID | None
    certificate_id: UUID | None
    number: str
    version: int | None
    holder_name: str
    used_at: datetime | None
    used_by: str
    spoiled_at: datetime | None
    spoiled_by: str
    reason: str
    hand_over: HandOverView | None


def list_sheets(session: Session, query: SheetQuery) -> Page[SheetView]:
    """Sheets in the order of their numbers."""
    return paginate(session, _sheets(query), query, describe_stock_sheet)


def view_sheet(session: Session, sheet_id: UUID) -> SheetView:
    """Return one sheet with what stands on it. Raises NotFound."""
    return describe_stock_sheet(_sheet(session, sheet_id))


def list_sheet_rows(session: Session, query: SheetQuery) -> Iterator[tuple[object, ...]]:
    """Yield a row of cells for every sheet of the list, as its table has them."""
    for row in session.scalars(_sheets(query).execution_options(yield_per=EXPORT_BATCH)):
        one = describe_stock_sheet(row)
        given = one.hand_over
        yield (
            one.label, one.state, one.number, one.holder_name,
            one.used_at and one.used_at.astimezone(clock.JAKARTA).date(), one.used_by, one.reason,
            given and given.manner, given and given.handed_on, given and given.receiver, given and given.courier,
            given and given.tracking,
        )  # fmt: skip


def list_sheet_holders(session: Session, query: SheetQuery) -> list[UUID]:
    """The holders of the certificates on the sheets of the list."""
    held = _sheets(query).with_only_columns(Certificate.holder_id).order_by(None).options()
    return list(session.scalars(held.where(Certificate.holder_id.is_not(None)).distinct()))


def list_run_sheets(session: Session, run_id: UUID) -> list[StockSheet]:
    """The sheets of a run that still count, in their order, with their versions. Raises NotFound."""
    found = session.scalars(
        select(StockSheet)
        .where(StockSheet.run_id == run_id, StockSheet.state == SheetState.USED)
        .options(WITH_CERTIFICATE)
        .order_by(StockSheet.prefix, StockSheet.number)
    ).all()
    if not found:
        raise NotFound("run-unknown", N_("Tidak ada lembar yang dicetak dengan alamat ini."))
    return list(found)


def find_used_sheet(session: Session, sheet_id: UUID) -> StockSheet:
    """One sheet that carries a certificate, with its version. Raises NotFound."""
    found = _sheet(session, sheet_id)
    if found.state is not SheetState.USED:
        raise NotFound("sheet-not-used", N_("Tidak ada sertifikat pada lembar ini."))
    return found


def describe_stock_sheet(row: StockSheet) -> SheetView:
    """Return what is shown of a sheet, read in its row's session."""
    version, given = row.version, row.hand_over
    return SheetView(
        id=row.id,
        label=row.label,
        state=row.state,
        range_id=row.range_id,
        run_id=row.run_id,
        certificate_id=version.certificate_id if version else None,
        number=version.certificate.number if version else "",
        version=version.version if version else None,
        holder_name=version.holder_name if version else "",
        used_at=row.used_at,
        used_by=row.used_by,
        spoiled_at=row.spoiled_at,
        spoiled_by=row.spoiled_by,
        reason=row.reason,
        hand_over=HandOverView.model_validate(given, from_attributes=True) if given else None,
    )


def _sheet(session: Session, sheet_id: UUID) -> StockSheet:
    options = (WITH_CERTIFICATE, joinedload(StockSheet.hand_over))
    found = session.scalars(select(StockSheet).where(StockSheet.id == sheet_id).options(*options)).one_or_none()
    if found is None:
        raise NotFound("sheet-unknown", UNKNOWN)
    return found


def _sheets(query: SheetQuery) -> Select[Any]:
    wanted = (
        select(StockSheet)
        .outerjoin(StockSheet.version)
        .outerjoin(Version.certificate)
        .outerjoin(StockSheet.hand_over)
        .options(
            contains_eager(StockSheet.version).contains_eager(Version.certificate),
            contains_eager(StockSheet.hand_over),
        )
        .order_by(StockSheet.prefix, StockSheet.number)
    )
    if query.range is not None:
        wanted = wanted.where(StockSheet.range_id == query.range)
    if query.run is not None:
        wanted = wanted.where(StockSheet.run_id == query.run)
    if query.q:
        wanted = wanted.where(
            contains_text(query.q, StockSheet.label, Certificate.number, Version.holder_name, HandOver.receiver)
        )
    if query.status in {state.value for state in SheetState}:
        wanted = wanted.where(StockSheet.state == SheetState(query.status))
    elif query.status == WAITING:
        wanted = wanted.where(StockSheet.state == SheetState.USED, HandOver.sheet_id.is_(None))
    elif query.status == HANDED:
        wanted = wanted.where(HandOver.sheet_id.is_not(None))
    return wanted
