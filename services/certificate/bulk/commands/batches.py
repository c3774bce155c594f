"""Acts on many certificates: prepared by a dry run, started by the chair, done line by line, stopped and gone on with.

Each line is a transaction of its own and safe twice: it is done while its row is held, and only while it is planned.
"""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.bulk.commands import foreseeing
from services.certificate.bulk.commands.loading import lock_batch, lock_planned_item
from services.certificate.bulk.domain import ACTS, BatchKind, BatchState, BatchStep, ItemState, Plan, step_batch
from services.certificate.bulk.lists import LINES, ListedLine
from services.certificate.bulk.models import Batch, BatchItem
from services.certificate.commands import life
from services.certificate.commands.loading import lock_certificate
from services.certificate.commands.ordering import hurry_order, remind_holder
from services.certificate.domain.states import Act, OrderState
from services.certificate.domain.validity import judge_state_on
from services.certificate.models import Order
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid, NotFound, Refusal
from shared.messaging.jobs import enqueue
from shared.security.actor import SYSTEM, Actor
from shared.security.roles import Role

BULK = "bulk"
"""The job that does the next lines of a batch."""

CHANGED = N_("Statusnya berubah sejak uji coba.")
NOTHING_LEFT = N_("Tidak ada lagi yang perlu dilakukan.")


class Line(BaseModel):
    """One certificate of a list, by its number; `until` as text, for what is no date is told line by line."""

    model_config = ConfigDict(str_strip_whitespace=True)

    number: str = Field(max_length=200)
    reason: str = Field("", max_length=2000)
    until: str = Field("", max_length=40, description="Limit of a suspension, as 2026-12-31 or 31/12/2026.")


class ListTerms(BaseModel):
    """What is done to the lines; `reason` and `until` are for those that have none of their own."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: BatchKind
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    until: date | None = Field(None, description="Limit of a suspension (R15).")


class PrepareList(ListTerms):
    """An act on the certificates of a list, with the lines as they came."""

    lines: list[Line] = Field(min_length=1, max_length=LINES)


class PrepareMeeting(BaseModel):
    """Issue the certificates of everybody a decision meeting found competent."""

    meeting_id: UUID


def prepare_list_batch(
    session: Session, actor: Actor, terms: ListTerms, lines: list[ListedLine], source: str = ""
) -> Batch:
    """Keep the dry run of a list: an act with one line for each certificate, nothing changed.

    Raises Invalid for a kind that goes by no list.
    """
    if terms.kind not in ACTS:
        raise Invalid(
            "batch-kind",
            N_("Penerbitan massal dimulai dari rapat, bukan dari daftar nomor."),
            fields={"kind": N_("Pilih penangguhan, pemberlakuan kembali, atau pencabutan.")},
        )
    items = foreseeing.foresee_list(session, terms.kind, lines, terms.reason, terms.until)
    batch = Batch(kind=terms.kind, reason=terms.reason, until=terms.until, source=source[:200])
    return _prepared(session, actor, batch, items)


def prepare_meeting_batch(session: Session, actor: Actor, meeting_id: UUID) -> Batch:
    """The dry run of issuing for a meeting. Raises NotFound for one that decided nobody competent."""
    orders = session.scalars(
        select(Order).where(Order.meeting_id == meeting_id).order_by(Order.decree_number, Order.holder_name, Order.id)
    ).all()
    if not orders:
        raise NotFound("meeting-unknown", N_("Tidak ada keputusan kompeten dari rapat ini."))
    return _prepared(
        session,
        actor,
        Batch(kind=BatchKind.ISSUE, meeting_id=meeting_id),
        foreseeing.foresee_orders(session, orders),
    )


def start_batch(session: Session, actor: Actor, batch_id: UUID) -> Batch:
    """Do what the dry run planned, or go on with it.

    Raises NotFound, Conflict when it is running, is over, or plans nothing.
    """
    batch = lock_batch(session, batch_id)
    before = batch.state
    batch.state = step_batch(before, BatchStep.START)
    if not _planned_left(session, batch):
        raise Conflict("batch-empty", N_("Tidak ada baris yang dapat dijalankan."))
    batch.run += 1
    batch.started_by_id, batch.started_by_name = actor.id, actor.name
    batch.started_at = batch.started_at or clock.now()
    _ask_for_next(session, batch, 0)
    audit.record_act(
        session, actor, "batch:start", batch.subject, before={"state": before}, after={"state": batch.state}
    )
    return batch


def stop_batch(session: Session, actor: Actor, batch_id: UUID) -> Batch:
    """Stop an act, so that no further line is begun; what is done stays done.

    Raises NotFound, Conflict unless it is running.
    """
    batch = lock_batch(session, batch_id)
    batch.state = step_batch(batch.state, BatchStep.STOP)
    audit.record_act(session, actor, "batch:stop", batch.subject, after={"state": batch.state})
    return batch


def discard_batch(session: Session, actor: Actor, batch_id: UUID) -> Batch:
    """Give up, for good, the lines that are not done. Raises NotFound, Conflict while it runs or once it is over."""
    batch = lock_batch(session, batch_id)
    before = batch.state
    batch.state, batch.finished_at = step_batch(before, BatchStep.DISCARD), clock.now()
    audit.record_act(
        session, actor, "batch:discard", batch.subject, before={"state": before}, after={"state": batch.state}
    )
    return batch


def list_next_items(session: Session, batch_id: UUID, run: int, limit: int) -> list[UUID]:
    """Return the ids of the next planned lines, `limit` at most; none once the batch was stopped, or started anew."""
    planned = (
        select(BatchItem.id)
        .join(BatchItem.batch)
        .where(
            BatchItem.batch_id == batch_id,
            BatchItem.state == ItemState.PLANNED,
            Batch.state == BatchState.RUNNING,
            Batch.run == run,
        )
    )
    return list(session.scalars(planned.order_by(BatchItem.line).limit(limit)))


def do_batch_item(session: Session, item_id: UUID, run: int) -> None:
    """Do one line, judged again as it is now; when it was done or given up already, nothing happens.

    Raises the Refusal of its act.
    """
    item = lock_planned_item(session, item_id)
    if item is None or item.batch.state is not BatchState.RUNNING or item.batch.run != run:
        return
    batch = item.batch
    actor = Actor(batch.started_by_id or SYSTEM.id, batch.started_by_name, "", frozenset({Role.CHAIR}))
    remarks = _do_order(session, item) if item.order_id else _do_certificate(session, actor, batch, item)
    item.state, item.remarks, item.done_at = ItemState.DONE, remarks, clock.now()


def refuse_batch_item(session: Session, item_id: UUID, refusal: Refusal) -> None:
    """Note that a line was refused when its turn came, for the state had changed since the dry run."""
    item = lock_planned_item(session, item_id)
    if item is not None:
        item.state, item.done_at = ItemState.REFUSED, clock.now()
        item.remarks = [CHANGED, *foreseeing.describe_refusal(refusal)]


def fail_batch_item(session: Session, item_id: UUID, error: Exception) -> None:
    """Note that a line failed in a way that trying again does not mend; the other lines go on."""
    item = lock_planned_item(session, item_id)
    if item is not None:
        item.state, item.remarks, item.done_at = ItemState.FAILED, [type(error).__name__], clock.now()


def continue_batch(session: Session, batch_id: UUID, run: int, chunk: int) -> None:
    """After chunk number `chunk`: ask for the next one, or finish. Nothing once it was stopped or started anew."""
    batch = lock_batch(session, batch_id)
    if batch.state is not BatchState.RUNNING or batch.run != run:
        return
    if _planned_left(session, batch):
        _ask_for_next(session, batch, chunk + 1)
        return
    batch.state, batch.finished_at = step_batch(batch.state, BatchStep.FINISH), clock.now()
    counted = select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch.id).group_by(BatchItem.state)
    counts = {state.value: count for state, count in session.execute(counted)}
    audit.record_act(session, SYSTEM, "batch:finish", batch.subject, after=counts)


def _prepared(session: Session, actor: Actor, batch: Batch, items: list[BatchItem]) -> Batch:
    batch.id, batch.state, batch.run, batch.total = uuid4(), BatchState.PREPARED, 0, len(items)
    batch.prepared_by_id, batch.prepared_by_name, batch.prepared_at = actor.id, actor.name, clock.now()
    batch.started_by_name = ""
    session.add(batch)
    session.flush()
    for item in items:
        item.batch_id = batch.id
    session.add_all(items)
    audit.record_act(
        session, actor, "batch:prepare", batch.subject,
        after={"kind": batch.kind, "lines": batch.total, "reason": batch.reason, "source": batch.source,
               "planned": sum(item.state is ItemState.PLANNED for item in items)},
    )  # fmt: skip
    return batch


def _do_certificate(session: Session, actor: Actor, batch: Batch, item: BatchItem) -> list[str]:
    certificate = lock_certificate(session, item.certificate_id or UUID(int=0))
    now = judge_state_on(certificate.state, certificate.expires_on, clock.today())
    reason = life.Reason(reason=item.reason)
    if ACTS[batch.kind] is Act.SUSPEND:
        terms = {"reason": item.reason, "until": item.until}
        life.suspend_certificate(session, actor, certificate.id, life.Suspend.model_validate(terms))
    elif ACTS[batch.kind] is Act.REINSTATE:
        life.reinstate_certificate(session, actor, certificate.id, reason)
    else:
        life.withdraw_certificate(session, actor, certificate.id, reason)
    return [] if now.value == item.seen else [CHANGED]


def _do_order(session: Session, item: BatchItem) -> list[str]:
    """Issue what is cleared by now, remind who has not signed by now: whatever the dry run saw."""
    order = session.get(Order, item.order_id, with_for_update=True)
    if order is None or order.state not in (OrderState.ORDERED, OrderState.CLEARED):
        return [CHANGED, NOTHING_LEFT]
    changed = [] if order.state.value == item.seen else [CHANGED]
    if order.state is OrderState.CLEARED:
        item.plan = Plan.ISSUE
        hurry_order(session, order)
        return changed
    if order.agreed_at is not None:
        return [CHANGED, NOTHING_LEFT]
    if foreseeing.list_reminded_orders(session, [order.id]):
        return [foreseeing.REMINDED]
    remind_holder(session, order)
    return changed


def _planned_left(session: Session, batch: Batch) -> bool:
    left = select(BatchItem.id).where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.PLANNED)
    return session.scalar(left.limit(1)) is not None


def _ask_for_next(session: Session, batch: Batch, chunk: int) -> None:
    payload = {"batch_id": str(batch.id), "run": batch.run, "chunk": chunk}
    enqueue(session, BULK, payload, key=f"{batch.id} {batch.run} {chunk}")
