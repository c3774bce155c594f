"""The dry run: what would happen to each line, or why not. Nothing is changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.bulk.domain import ACTS, BatchKind, ItemState, Plan, read_certificate_number
from services.certificate.bulk.lists import ListedLine
from services.certificate.bulk.models import BatchItem
from services.certificate.commands.life import REASON_LENGTH, foresee_state
from services.certificate.commands.ordering import describe_standing
from services.certificate.domain.numbers import space_number
from services.certificate.domain.requirements import REQUIREMENT_NAMES, Requirement, list_unmet_requirements
from services.certificate.domain.states import OrderState
from services.certificate.domain.validity import check_suspension_limit, judge_state_on
from services.certificate.models import Certificate, Order
from shared import clock
from shared.errors import N_, Refusal
from shared.visible import count_visible

AT_ONCE = 500
"""Numbers looked up in one query."""
DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
AGAIN_AFTER = timedelta(hours=24)
"""Nobody is reminded twice in a day."""

NO_NUMBER = N_("Nomor sertifikat tidak diisi.")
UNKNOWN = N_("Nomor ini tidak ada dalam register.")
INCOMPLETE = N_("Nomor ini tidak lengkap: nomor sertifikat terdiri atas 20 sampai 22 angka.")
DUPLICATE = N_("Nomor ini sudah ada pada baris sebelumnya.")
WRONG_DATE = N_("Tanggal tidak dapat dibaca; tulis seperti 2026-12-31 atau 31/12/2026.")
NO_DATE = N_("Batas penangguhan belum diisi.")
NO_REASON = N_("Alasan belum diisi atau terlalu pendek; tulis sedikitnya 10 huruf.")
FULFILLED = N_("Sertifikatnya sudah bernomor.")
NOT_DECIDED = N_("Belum diputuskan kompeten.")
REMINDED = N_("Pemegang sudah diingatkan dalam 24 jam terakhir.")


def foresee_list(
    session: Session, kind: BatchKind, lines: Sequence[ListedLine], reason: str, until: date | None
) -> list[BatchItem]:
    """An item for each line of a list; `reason` and `until` are for those that have none of their own."""
    known = _certificates(session, {read_certificate_number(line.number) for line in lines})
    met: set[str] = set()
    return [_foreseen(kind, line, reason, until, known, met) for line in lines]


def foresee_orders(session: Session, orders: Iterable[Order]) -> list[BatchItem]:
    """An item for each order of a meeting: who is ready, who misses what (R11)."""
    rows = list(orders)
    reminded = list_reminded_orders(session, [order.id for order in rows])
    return [_foreseen_order(at, order, order.id in reminded) for at, order in enumerate(rows, start=1)]


def list_reminded_orders(session: Session, orders: Sequence[UUID]) -> set[UUID]:
    """Of these, the orders whose holders a batch has reminded in the last day."""
    told = select(BatchItem.order_id).where(
        BatchItem.order_id.in_(orders),
        BatchItem.plan == Plan.REMIND,
        BatchItem.state == ItemState.DONE,
        BatchItem.done_at > clock.now() - AGAIN_AFTER,
    )
    return {order for order in session.scalars(told) if order is not None}


def describe_refusal(refusal: Refusal) -> list[str]:
    """What a refusal says, as msgids: its fields' sentences where it has some."""
    if refusal.params:
        return [str(refusal)]
    return list(refusal.fields.values()) or [refusal.message]


def _foreseen(
    kind: BatchKind,
    line: ListedLine,
    reason: str,
    until: date | None,
    known: Mapping[str, Certificate],
    met: set[str],
) -> BatchItem:
    number = read_certificate_number(line.number)
    item = BatchItem(line=line.line, given=number[:200], reason=line.reason or reason, seen="", holder_name="")
    problems = []
    if not number:
        problems.append(NO_NUMBER)
    elif number in met:
        problems.append(DUPLICATE)
    met.add(number)
    if len(item.reason) < REASON_LENGTH or count_visible(item.reason) < REASON_LENGTH // 2:
        problems.append(NO_REASON)
    if kind is BatchKind.SUSPEND:
        item.until = read_day(line.until) if line.until else until
        if item.until is None:
            problems.append(WRONG_DATE if line.until else NO_DATE)
    certificate = known.get(number)
    if certificate is not None:
        item.certificate_id, item.holder_name = certificate.id, certificate.holder_name
        item.seen = judge_state_on(certificate.state, certificate.expires_on, clock.today()).value
        problems += _refused(kind, certificate, item.until)
    elif number:
        problems.append(UNKNOWN if space_number(number) else INCOMPLETE)
    return _planned(item, Plan.ACT, problems)


def _refused(kind: BatchKind, certificate: Certificate, until: date | None) -> list[str]:
    try:
        foresee_state(certificate, ACTS[kind])
        if kind is BatchKind.SUSPEND and until is not None:
            check_suspension_limit(until, clock.today(), certificate.expires_on)
    except Refusal as refusal:
        return describe_refusal(refusal)
    return []


def _foreseen_order(line: int, order: Order, reminded: bool) -> BatchItem:
    item = BatchItem(
        line=line, given=order.decree_number[:200], order_id=order.id, holder_name=order.holder_name, seen=order.state
    )
    if order.state is OrderState.CLEARED:
        return _planned(item, Plan.ISSUE, [])
    if order.state is not OrderState.ORDERED:
        return _planned(item, Plan.NOTHING, [FULFILLED if order.state is OrderState.FULFILLED else NOT_DECIDED])
    missing = list_unmet_requirements(describe_standing(order))
    names = [REQUIREMENT_NAMES[requirement] for requirement in missing]
    if Requirement.AGREEMENT_SIGNED not in missing:
        return _planned(item, Plan.NOTHING, names)
    if reminded:
        return _planned(item, Plan.NOTHING, [*names, REMINDED])
    item.plan, item.problems, item.state = Plan.REMIND, names, ItemState.PLANNED
    return item


def _planned(item: BatchItem, plan: Plan, problems: list[str]) -> BatchItem:
    """The line is done unless something stands against it."""
    nothing = bool(problems) or plan is Plan.NOTHING
    item.plan, item.problems = Plan.NOTHING if nothing else plan, problems
    item.state = ItemState.LEFT_OUT if nothing else ItemState.PLANNED
    return item


def read_day(text: str) -> date | None:
    """The day that somebody wrote; None when it is none."""
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day of the calendar
        except ValueError:
            continue
    return None


def _certificates(session: Session, numbers: set[str]) -> dict[str, Certificate]:
    wanted = sorted(numbers - {""})
    found: dict[str, Certificate] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = select(Certificate).where(Certificate.number.in_(wanted[start : start + AT_ONCE]))
        found |= {certificate.number: certificate for certificate in session.scalars(some)}
    return found
