"""One agency's turn: who sends to its webhook, and what came of each try. Nothing is sent inside a transaction."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from services.certificate.agencies import domain
from services.certificate.agencies.domain import WebhookState
from services.certificate.agencies.models import Agency, Delivery, Webhook
from services.certificate.agencies.queries.feed import Kept, find_last_position
from shared.clock import real_now
from shared.contracts.certificate import AgencyWebhookStopped
from shared.messaging.outbox import announce
from shared.settings import Settings, settings

SPARE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to send to one webhook. `after` is the position of the last event it has taken."""

    agency_id: UUID
    lease: UUID
    url: str
    secrets: tuple[str, ...]
    after: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: the answer's status, or the error where there was none."""

    milliseconds: int
    status: int | None = None
    error: str = ""
    retry_after: int = 0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def list_due_webhooks(session: Session) -> list[UUID]:
    """The agencies whose webhook has something to get now, and nobody sending it."""
    now = real_now()
    free = or_(Webhook.lease_until.is_(None), Webhook.lease_until < now)
    waiting = Webhook.position < find_last_position(session)
    asked = select(Webhook.agency_id).where(Webhook.state == WebhookState.ON, Webhook.next_try_at <= now, free, waiting)
    return list(session.scalars(asked))


def claim_turn(session: Session, agency_id: UUID) -> Turn | None:
    """Take the turn, if it is nobody's: so that one agency gets its events in order, whoever sends them."""
    webhook = session.get(Webhook, agency_id, with_for_update={"skip_locked": True})
    now = real_now()
    if webhook is None or webhook.state is not WebhookState.ON or webhook.next_try_at > now:
        return None
    if webhook.lease_until is not None and webhook.lease_until > now:
        return None
    webhook.lease = uuid4()
    _prolong(webhook)
    return Turn(agency_id, webhook.lease, webhook.url, _secrets(webhook), webhook.position)


def note_delivery(session: Session, turn: Turn, event: Kept, outcome: Outcome) -> bool:
    """Note a try and what follows from it; whether the turn goes on.

    Somebody else may have taken the turn, or moved the webhook to another position: then it is only logged.
    """
    webhook = session.get(Webhook, turn.agency_id, with_for_update=True, populate_existing=True)
    ours = webhook is not None and webhook.lease == turn.lease and webhook.position == event.position - 1
    session.add(_logged(turn, event, outcome, webhook.tries + 1 if webhook is not None and ours else 1))
    if webhook is None or not ours:
        return False
    if outcome.taken:
        webhook.position = event.position
        webhook.tries, webhook.failing_since, webhook.error = 0, None, ""
        _prolong(webhook)
        return True
    _failed(session, webhook, outcome)
    return False


def release_turn(session: Session, turn: Turn) -> None:
    """End the turn, and let the log's oldest entries go."""
    webhook = session.get(Webhook, turn.agency_id, with_for_update=True, populate_existing=True)
    if webhook is not None and webhook.lease == turn.lease:
        webhook.lease = webhook.lease_until = None
    kept = select(Delivery.id).where(Delivery.agency_id == turn.agency_id).order_by(Delivery.id.desc())
    oldest = session.scalar(kept.offset(settings().webhook_log - 1).limit(1))
    if oldest is not None:
        session.execute(delete(Delivery).where(Delivery.agency_id == turn.agency_id, Delivery.id < oldest))


def _failed(session: Session, webhook: Webhook, outcome: Outcome) -> None:
    now, config = real_now(), settings()
    webhook.tries += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.error = outcome.error or f"HTTP {outcome.status}"
    webhook.next_try_at = now + _pause(webhook.tries, outcome, config)
    gone = outcome.status == domain.GONE
    if gone or domain.is_given_up(webhook.failing_since, now, config.webhook_days):
        webhook.state, webhook.state_since = WebhookState.OFF, now
        agency = session.get_one(Agency, webhook.agency_id, with_for_update=True)
        announce(
            session,
            agency,
            AgencyWebhookStopped(
                agency_id=agency.id,
                name=agency.name,
                contact=agency.contact,
                failing_since=webhook.failing_since,
                error=webhook.error,
                at=now,
            ),
        )


def _pause(tries: int, outcome: Outcome, config: Settings) -> timedelta:
    """Return the growing pause, or the longer one that the agency asked for, within bounds."""
    asked = min(outcome.retry_after, config.webhook_longest_seconds)
    own = domain.choose_pause(tries, config.webhook_first_seconds, config.webhook_longest_seconds)
    return max(own, timedelta(seconds=asked))


def _prolong(webhook: Webhook) -> None:
    webhook.lease_until = real_now() + timedelta(seconds=settings().webhook_timeout_seconds + SPARE_SECONDS)


def _secrets(webhook: Webhook) -> tuple[str, ...]:
    earlier, until = webhook.earlier_secret, webhook.earlier_until
    if earlier is not None and until is not None and until > real_now():
        return (webhook.secret, earlier)
    return (webhook.secret,)


def _logged(turn: Turn, event: Kept, outcome: Outcome, number: int) -> Delivery:
    return Delivery(
        agency_id=turn.agency_id,
        event_id=event.id,
        position=event.position,
        type=event.type,
        number=number,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        error=outcome.error[:300],
    )
