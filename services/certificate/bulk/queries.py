"""Acts on many certificates: what was planned, how far it has come, what came of each line."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from services.certificate.bulk.commands.batches import BULK
from services.certificate.bulk.domain import OPEN, BatchKind, BatchState, ItemState, Plan
from services.certificate.bulk.models import Batch, BatchItem
from services.certificate.domain.states import PUBLIC, OrderState, State
from services.certificate.models import Certificate, Order
from shared.errors import N_, NotFound
from shared.messaging.models import JobRow, JobState
from shared.pagination import Page, PageQuery, contains_text, paginate

COLUMNS = (
    N_("Baris"), N_("Nomor sertifikat"), N_("Nama"), N_("Status sebelumnya"), N_("Rencana"), N_("Masalah"),
    N_("Alasan"), N_("Sampai"), N_("Hasil"), N_("Catatan"), N_("Waktu"), N_("Status sekarang"),
)  # fmt: skip
"""Of the report."""
EXPORT_BATCH = 500
MEETINGS = 30


class Counts(BaseModel):
    """Lines by what has come of them."""

    planned: int = 0
    left_out: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0


class BatchView(BaseModel):
    """One act on many certificates. `error` is the last one of its job, when that can't go on by itself.

    `to_issue` lines of a meeting are to be issued, `issued` of them have their certificate by now.
    """

    id: UUID
    kind: BatchKind
    state: BatchState
    meeting_id: UUID | None
    reason: str
    until: date | None
    source: str
    total: int
    counts: Counts
    to_issue: int = 0
    issued: int = 0
    prepared_by: str
    prepared_at: datetime
    started_by: str
    started_at: datetime | None
    finished_at: datetime | None
    error: str

    @property
    def worked(self) -> int:
        """Lines whose turn has come."""
        return self.counts.done + self.counts.refused + self.counts.failed

    @property
    def to_do(self) -> int:
        """Lines the dry run planned."""
        return self.worked + self.counts.planned


class ItemView(BaseModel):
    """One line. `seen` is the state at the dry run, `now` the one of today; both of the certificate or the order.

    `problems` and `remarks` are sentences in Indonesian, translated where they are shown.
    """

    line: int
    number: str
    certificate_id: UUID | None
    holder_name: str
    reason: str
    until: date | None
    seen: State | OrderState | None
    now: State | OrderState | None
    plan: Plan
    problems: list[str]
    state: ItemState
    remarks: list[str]
    done_at: datetime | None


class MeetingView(BaseModel):
    """The competent of one meeting: how many, how many wait for something, how many have their certificate."""

    meeting_id: UUID
    decided_at: datetime
    decree_number: str
    total: int
    waiting: int
    cleared: int
    numbered: int


def list_batches(session: Session, query: PageQuery) -> Page[BatchView]:
    """List acts on many certificates, the newest first."""
    page = paginate(session, select(Batch).order_by(Batch.prepared_at.desc()), query, lambda row: row)
    counts = _counts(session, [row.id for row in page.items])
    views = [_view(row, counts.get(row.id, Counts()), "") for row in page.items]
    return Page(items=views, page=page.page, size=page.size, total=page.total)


def list_open_batches(session: Session, limit: int = 50) -> list[BatchView]:
    """List the acts that wait to be started or gone on with, and those that run; the oldest first."""
    rows = session.scalars(select(Batch).where(Batch.state.in_(OPEN)).order_by(Batch.prepared_at).limit(limit)).all()
    counts = _counts(session, [row.id for row in rows])
    return [_view(row, counts.get(row.id, Counts()), "") for row in rows]


def view_batch(session: Session, batch_id: UUID) -> BatchView:
    """Return one act on many certificates with its counts. Raises NotFound."""
    row = session.get(Batch, batch_id)
    if row is None:
        raise NotFound("batch-unknown", N_("Tindakan massal ini tidak ada."))
    view = _view(row, _counts(session, [row.id]).get(row.id, Counts()), _error(session, row))
    if row.kind is BatchKind.ISSUE:
        view.to_issue, view.issued = _issued(session, row)
    return view


def list_batch_items(session: Session, batch_id: UUID, query: PageQuery) -> Page[ItemView]:
    """The lines in their order; `status` is the state of a line. Raises NotFound."""
    view_batch(session, batch_id)
    statement = select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.line)
    if query.status in {state.value for state in ItemState}:
        statement = statement.where(BatchItem.state == ItemState(query.status))
    if query.q:
        statement = statement.where(contains_text(query.q, BatchItem.given, BatchItem.holder_name))
    page = paginate(session, statement, query, lambda row: row)
    return Page(items=_items(session, page.items), page=page.page, size=page.size, total=page.total)


def list_report_items(session: Session, batch_id: UUID) -> Iterator[ItemView]:
    """Yield every line in its order, some hundreds read at a time. Raises NotFound."""
    view_batch(session, batch_id)
    after = 0
    while True:
        some = select(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.line > after)
        rows = session.scalars(some.order_by(BatchItem.line).limit(EXPORT_BATCH)).all()
        if not rows:
            return
        yield from _items(session, rows)
        after = rows[-1].line


def list_meetings_to_issue(session: Session, limit: int = MEETINGS) -> list[MeetingView]:
    """The last meetings that found somebody competent, those that wait for something first."""
    waits = func.sum(case((Order.state == OrderState.ORDERED, 1), else_=0))
    cleared = func.sum(case((Order.state == OrderState.CLEARED, 1), else_=0))
    latest = func.max(Order.decided_at)
    rows = session.execute(
        select(
            Order.meeting_id, latest.label("at"), func.min(Order.decree_number).label("decree"),
            func.count().label("total"), waits.label("waiting"), cleared.label("cleared"),
        )
        .where(Order.meeting_id.is_not(None), Order.decided_at.is_not(None), Order.state != OrderState.CANDIDATE)
        .group_by(Order.meeting_id)
        .order_by(case((waits + cleared > 0, 0), else_=1), latest.desc())
        .limit(limit)
    )  # fmt: skip
    return [_meeting(row) for row in rows]


def _meeting(row: Row[tuple[object, ...]]) -> MeetingView:
    told = row._mapping
    return MeetingView(
        meeting_id=told["meeting_id"],
        decided_at=told["at"],
        decree_number=told["decree"],
        total=told["total"],
        waiting=told["waiting"],
        cleared=told["cleared"],
        numbered=told["total"] - told["waiting"] - told["cleared"],
    )


def _view(row: Batch, counts: Counts, error: str) -> BatchView:
    return BatchView(
        id=row.id,
        kind=row.kind,
        state=row.state,
        meeting_id=row.meeting_id,
        reason=row.reason,
        until=row.until,
        source=row.source,
        total=row.total,
        counts=counts,
        prepared_by=row.prepared_by_name,
        prepared_at=row.prepared_at,
        started_by=row.started_by_name,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=error,
    )


def _counts(session: Session, ids: Sequence[UUID]) -> dict[UUID, Counts]:
    counted = select(BatchItem.batch_id, BatchItem.state, func.count()).where(BatchItem.batch_id.in_(ids))
    found: dict[UUID, dict[str, int]] = {}
    for batch_id, state, count in session.execute(counted.group_by(BatchItem.batch_id, BatchItem.state)):
        found.setdefault(batch_id, {})[state.value] = count
    return {batch_id: Counts(**numbers) for batch_id, numbers in found.items()}


def _issued(session: Session, row: Batch) -> tuple[int, int]:
    """How many of a meeting are to be issued, and how many of them are."""
    wanted = (BatchItem.batch_id == row.id, BatchItem.plan == Plan.ISSUE)
    to_issue = session.scalar(select(func.count()).where(*wanted)) or 0
    with_certificate = select(func.count()).select_from(BatchItem)
    of_order = with_certificate.join(Certificate, Certificate.application_id == BatchItem.order_id)
    return to_issue, session.scalar(of_order.where(*wanted, Certificate.state.in_(PUBLIC))) or 0


def _error(session: Session, row: Batch) -> str:
    """Why the work of a running batch is not going on."""
    if row.state is not BatchState.RUNNING:
        return ""
    failing = select(JobRow.error).where(
        JobRow.kind == BULK,
        JobRow.key.startswith(f"{row.id} {row.run} "),
        JobRow.state != JobState.DONE,
        JobRow.error.is_not(None),
    )
    return session.scalars(failing.limit(1)).first() or ""


def _items(session: Session, rows: Sequence[BatchItem]) -> list[ItemView]:
    numbers, states = _today(session, rows)
    return [_item(row, numbers, states) for row in rows]


def _today(
    session: Session, rows: Sequence[BatchItem]
) -> tuple[dict[UUID, tuple[UUID, str]], dict[UUID, State | OrderState]]:
    """(certificate and number by order), (state by certificate or order), as they are now."""
    orders = [row.order_id for row in rows if row.order_id]
    certificates = [row.certificate_id for row in rows if row.certificate_id]
    states: dict[UUID, State | OrderState] = {}
    numbers: dict[UUID, tuple[UUID, str]] = {}
    for order_id, order_state in session.execute(select(Order.id, Order.state).where(Order.id.in_(orders))):
        states[order_id] = order_state
    columns = select(Certificate.id, Certificate.application_id, Certificate.number, Certificate.state)
    wanted = columns.where(Certificate.id.in_(certificates) | Certificate.application_id.in_(orders))
    for certificate_id, order_id, number, state in session.execute(wanted.order_by(Certificate.serial)):
        states[certificate_id] = state
        if states.get(order_id) is OrderState.FULFILLED or order_id in numbers:
            states[order_id] = state
            numbers[order_id] = (certificate_id, number)
    return numbers, states


def _item(row: BatchItem, numbers: dict[UUID, tuple[UUID, str]], states: dict[UUID, State | OrderState]) -> ItemView:
    certificate_id, number = row.certificate_id, row.given
    if row.order_id:
        certificate_id, number = numbers.get(row.order_id, (None, ""))
    now = states.get(row.order_id or row.certificate_id or UUID(int=0))
    return ItemView(
        line=row.line,
        number=number,
        certificate_id=certificate_id,
        holder_name=row.holder_name,
        reason=row.reason,
        until=row.until,
        seen=_state(row.seen, OrderState if row.order_id else State),
        now=now,
        plan=row.plan,
        problems=row.problems,
        state=row.state,
        remarks=row.remarks,
        done_at=row.done_at,
    )


def _state(text: str, kind: type[State] | type[OrderState]) -> State | OrderState | None:
    return kind(text) if text else None
