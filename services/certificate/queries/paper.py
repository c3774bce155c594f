"""The stock of sheets: what is left, what is to be printed, what was used, spoiled, handed over (domain handbook 5)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from services.certificate.commands.paper import UNKNOWN, has_sheet
from services.certificate.domain.paper import Manner, SheetState, label_of
from services.certificate.domain.states import HOLDING
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, HandOver, Order, StockRange, StockSheet, Version
from services.certificate.practice import paper_practice
from shared import clock
from shared.errors import N_, NotFound
from shared.pagination import Page, PageQuery, containing, paginate

CSV_COLUMNS = (
    N_("Lembar"), N_("Status"), N_("Nomor sertifikat"), N_("Nama"), N_("Dipakai"), N_("Oleh"), N_("Alasan rusak"),
    N_("Penyerahan"), N_("Tanggal penyerahan"), N_("Penerima"), N_("Kurir"), N_("Nomor resi"),
)  # fmt: skip
WITH_CERTIFICATE = joinedload(StockSheet.version).joinedload(Version.certificate)
WAITING = "waiting"
HANDED = "handed"
EXPORT_BATCH = 500


class Balance(BaseModel):
    """Sheets received, and what became of them."""

    received: int
    used: int
    spoiled: int
    left: int


class StockView(Balance):
    """The whole stock; `low` when fewer are left than the practice data want, `next` the sheet to be used next."""

    low: bool
    next: str
    to_print: int
    to_hand_over: int


class RangeView(Balance):
    id: UUID
    letter_number: str
    received_on: date
    first: str
    last: str
    note: str
    received_by: str


class ToPrintQuery(PageQuery):
    """Certificates in force without a sheet; `meeting` is the decision meeting they come from."""

    scheme: str = Field("", max_length=60, description="Only of this scheme.")
    meeting: UUID | None = Field(None, description="Only decided in this meeting.")


class ToPrint(BaseModel):
    certificate_id: UUID
    number: str
    holder_name: str
    scheme_title: str
    version: int
    issued_on: date
    decree_number: str


class Meeting(BaseModel):
    """A decision meeting with certificates that wait for paper."""

    meeting_id: UUID
    decided_at: datetime
    waiting: int


class SheetQuery(PageQuery):
    """Sheets; `status` is a state, or whether a printed one was handed over: `waiting` or `handed`."""

    range: UUID | None = Field(None, description="Only of this range.")
    run: UUID | None = Field(None, description="Only printed together in this run.")


class HandOverView(BaseModel):
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


def stock(session: Session) -> StockView:
    """What is there, and what waits."""
    balance = _stock_balance(session)
    return StockView(
        **balance.model_dump(),
        low=_is_low(balance),
        next=next_label(session),
        to_print=session.scalar(select(func.count()).select_from(_to_print(ToPrintQuery()).subquery())) or 0,
        to_hand_over=session.scalar(select(func.count()).select_from(_not_handed().subquery())) or 0,
    )


def low_stock(session: Session) -> int | None:
    """How many sheets are left, where that is few; None where there are enough, or none was ever received."""
    balance = _stock_balance(session)
    return balance.left if _is_low(balance) else None


def next_label(session: Session) -> str:
    """The sheet that is proposed next: the lowest free one of the range that came first; empty when none is left."""
    free = select(StockSheet.label).where(StockSheet.state == SheetState.FREE).join(StockSheet.range)
    order = (StockRange.received_on, StockRange.created_at, StockSheet.prefix, StockSheet.number)
    return session.scalar(free.order_by(*order).limit(1)) or ""


def ranges(session: Session, query: PageQuery) -> Page[RangeView]:
    """What was received, the latest first, each with its balance."""
    wanted = select(StockRange).order_by(StockRange.received_on.desc(), StockRange.created_at.desc())
    if query.q:
        pattern = containing(query.q)
        wanted = wanted.where(
            or_(StockRange.letter_number.ilike(pattern, escape="\\"), StockRange.prefix.ilike(pattern, escape="\\"))
        )
    page = paginate(session, wanted, query, lambda row: row)
    counted = _by_range(session, [row.id for row in page.items])
    return Page(
        items=[_range(row, counted.get(row.id, {})) for row in page.items],
        page=page.page,
        size=page.size,
        total=page.total,
    )


def range_of(session: Session, range_id: UUID) -> RangeView:
    """One range with its balance."""
    return _range(session.get_one(StockRange, range_id), _by_range(session, [range_id]).get(range_id, {}))


def to_print(session: Session, query: ToPrintQuery) -> Page[ToPrint]:
    """Certificates in force that stand on no sheet yet, in the order of their numbers."""
    return paginate(
        session, _to_print(query), query, _waiting, sorts={"number": Certificate.serial, "name": Version.holder_name}
    )


def meetings(session: Session) -> list[Meeting]:
    """The meetings whose certificates wait for paper, the latest first."""
    decided = func.max(Order.decided_at)
    found = session.execute(
        _to_print(ToPrintQuery())
        .with_only_columns(Order.meeting_id, decided, func.count(), maintain_column_froms=True)
        .options()
        .where(Order.meeting_id.is_not(None))
        .order_by(None)
        .group_by(Order.meeting_id)
        .order_by(decided.desc())
        .limit(50)
    )
    return [Meeting(meeting_id=meeting, decided_at=at, waiting=number) for meeting, at, number in found]


def sheets(session: Session, query: SheetQuery) -> Page[SheetView]:
    """Sheets in the order of their numbers."""
    return paginate(session, _sheets(query), query, view_of)


def sheet(session: Session, sheet_id: UUID) -> SheetView:
    """One sheet. Raises NotFound."""
    return view_of(_sheet(session, sheet_id))


def every(session: Session, query: SheetQuery) -> Iterator[tuple[object, ...]]:
    """The cells of the whole list, for a file."""
    for row in session.scalars(_sheets(query).execution_options(yield_per=EXPORT_BATCH)):
        one = view_of(row)
        given = one.hand_over
        yield (
            one.label, one.state, one.number, one.holder_name,
            one.used_at and one.used_at.astimezone(clock.JAKARTA).date(), one.used_by, one.reason,
            given and given.manner, given and given.handed_on, given and given.receiver, given and given.courier,
            given and given.tracking,
        )  # fmt: skip


def printed_together(session: Session, run_id: UUID) -> list[StockSheet]:
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


def printed(session: Session, sheet_id: UUID) -> StockSheet:
    """One sheet that carries a certificate, with its version. Raises NotFound."""
    found = _sheet(session, sheet_id)
    if found.state is not SheetState.USED:
        raise NotFound("sheet-not-used", N_("Tidak ada sertifikat pada lembar ini."))
    return found


def view_of(row: StockSheet) -> SheetView:
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


def _to_print(query: ToPrintQuery) -> Select[Any]:
    wanted = (
        select(Version)
        .join(Version.certificate)
        .join(Order, Order.id == Certificate.application_id)
        .where(
            Version.state == VersionState.CURRENT,
            Certificate.state.in_(HOLDING),
            Certificate.expires_on >= clock.today(),
            ~has_sheet(),
        )
        .options(contains_eager(Version.certificate))
        .order_by(Certificate.serial)
    )
    if query.scheme:
        wanted = wanted.where(Certificate.scheme_id == query.scheme)
    if query.meeting is not None:
        wanted = wanted.where(Order.meeting_id == query.meeting)
    if query.q:
        pattern = containing(query.q)
        wanted = wanted.where(
            or_(Certificate.number.ilike(pattern, escape="\\"), Version.holder_name.ilike(pattern, escape="\\"))
        )
    return wanted


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
        pattern = containing(query.q)
        places = (StockSheet.label, Certificate.number, Version.holder_name, HandOver.receiver)
        wanted = wanted.where(or_(*(place.ilike(pattern, escape="\\") for place in places)))
    if query.status in {state.value for state in SheetState}:
        wanted = wanted.where(StockSheet.state == SheetState(query.status))
    elif query.status == WAITING:
        wanted = wanted.where(StockSheet.state == SheetState.USED, HandOver.sheet_id.is_(None))
    elif query.status == HANDED:
        wanted = wanted.where(HandOver.sheet_id.is_not(None))
    return wanted


def _not_handed() -> Select[Any]:
    return (
        select(StockSheet.id)
        .outerjoin(StockSheet.hand_over)
        .where(StockSheet.state == SheetState.USED, HandOver.sheet_id.is_(None))
    )


def _by_range(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[SheetState, int]]:
    found: dict[UUID, dict[SheetState, int]] = {}
    counted = select(StockSheet.range_id, StockSheet.state, func.count()).where(StockSheet.range_id.in_(ids))
    for range_id, state, number in session.execute(counted.group_by(StockSheet.range_id, StockSheet.state)):
        found.setdefault(range_id, {})[state] = number
    return found


def _stock_balance(session: Session) -> Balance:
    counted = select(StockSheet.state, func.count()).group_by(StockSheet.state)
    return _balance(dict(session.execute(counted).all()))


def _is_low(balance: Balance) -> bool:
    return balance.received > 0 and balance.left < paper_practice().low_stock


def _balance(counted: dict[SheetState, int]) -> Balance:
    return Balance(
        received=sum(counted.values()),
        used=counted.get(SheetState.USED, 0),
        spoiled=counted.get(SheetState.SPOILED, 0),
        left=counted.get(SheetState.FREE, 0),
    )


def _range(row: StockRange, counted: dict[SheetState, int]) -> RangeView:
    return RangeView(
        **_balance(counted).model_dump(),
        id=row.id,
        letter_number=row.letter_number,
        received_on=row.received_on,
        first=label_of(row.prefix, row.first, row.digits),
        last=label_of(row.prefix, row.last, row.digits),
        note=row.note,
        received_by=row.received_by,
    )


def _waiting(version: Version) -> ToPrint:
    certificate = version.certificate
    return ToPrint(
        certificate_id=certificate.id,
        number=certificate.number,
        holder_name=version.holder_name,
        scheme_title=certificate.scheme_title,
        version=version.version,
        issued_on=certificate.issued_on,
        decree_number=version.printed.get("decree", ""),
    )
