"""The stock of sheets: what was received, what is left, which certificates wait for paper (domain handbook 5)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from services.certificate.body_settings import paper_settings
from services.certificate.models import Certificate, Order, Version
from services.certificate.paper.commands.using import select_waiting_versions
from services.certificate.paper.domain import SheetState, label_sheet
from services.certificate.paper.models import HandOver, StockRange, StockSheet
from shared.pagination import Page, PageQuery, contains_text, paginate


class Balance(BaseModel):
    """Sheets received, and what became of them."""

    received: int
    used: int
    spoiled: int
    left: int


class StockView(Balance):
    """The whole stock; `low` when fewer are left than the body's settings want, `next` the sheet to be used next."""

    low: bool
    next: str
    to_print: int
    to_hand_over: int


class RangeView(Balance):
    """Sheets received with one letter, and what became of them."""

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
    """A certificate in force that stands on no sheet yet."""

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


def view_stock(session: Session) -> StockView:
    """Return the balance of the whole stock, the sheet to be used next, and how much waits for paper or hand-over."""
    balance = _stock_balance(session)
    return StockView(
        **balance.model_dump(),
        low=_is_low(balance),
        next=find_next_label(session),
        to_print=session.scalar(select(func.count()).select_from(_to_print(ToPrintQuery()).subquery())) or 0,
        to_hand_over=session.scalar(select(func.count()).select_from(_not_handed().subquery())) or 0,
    )


def count_low_stock(session: Session) -> int | None:
    """How many sheets are left, where that is few; None where there are enough, or none was ever received."""
    balance = _stock_balance(session)
    return balance.left if _is_low(balance) else None


def find_next_label(session: Session) -> str:
    """The sheet that is proposed next: the lowest free one of the range that came first; empty when none is left."""
    free = select(StockSheet.label).where(StockSheet.state == SheetState.FREE).join(StockSheet.range)
    order = (StockRange.received_on, StockRange.created_at, StockSheet.prefix, StockSheet.number)
    return session.scalar(free.order_by(*order).limit(1)) or ""


def list_stock_ranges(session: Session, query: PageQuery) -> Page[RangeView]:
    """What was received, the latest first, each with its balance."""
    wanted = select(StockRange).order_by(StockRange.received_on.desc(), StockRange.created_at.desc())
    if query.q:
        wanted = wanted.where(contains_text(query.q, StockRange.letter_number, StockRange.prefix))
    page = paginate(session, wanted, query, lambda row: row)
    counted = _by_range(session, [row.id for row in page.items])
    return Page(
        items=[_range(row, counted.get(row.id, {})) for row in page.items],
        page=page.page,
        size=page.size,
        total=page.total,
    )


def view_stock_range(session: Session, range_id: UUID) -> RangeView:
    """One range with its balance."""
    return _range(session.get_one(StockRange, range_id), _by_range(session, [range_id]).get(range_id, {}))


def list_certificates_to_print(session: Session, query: ToPrintQuery) -> Page[ToPrint]:
    """Certificates in force that stand on no sheet yet, in the order of their numbers."""
    return paginate(
        session, _to_print(query), query, _waiting, sorts={"number": Certificate.serial, "name": Version.holder_name}
    )


def list_meetings_to_print(session: Session) -> list[Meeting]:
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


def _to_print(query: ToPrintQuery) -> Select[Any]:
    wanted = select_waiting_versions().options(contains_eager(Version.certificate))
    if query.scheme:
        wanted = wanted.where(Certificate.scheme_id == query.scheme)
    if query.meeting is not None:
        wanted = wanted.where(Order.meeting_id == query.meeting)
    if query.q:
        wanted = wanted.where(contains_text(query.q, Certificate.number, Version.holder_name))
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
    return balance.received > 0 and balance.left < paper_settings().low_stock


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
        first=label_sheet(row.prefix, row.first, row.digits),
        last=label_sheet(row.prefix, row.last, row.digits),
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
        decree_number=version.printed.decree,
    )
