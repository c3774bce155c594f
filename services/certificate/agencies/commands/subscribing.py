"""Agencies come, get new keys, are told again, and go: by the administrator, each act in the audit log."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from services.certificate.agencies import domain
from services.certificate.agencies.commands.loading import lock_agency, lock_agency_if_there, lock_webhook
from services.certificate.agencies.domain import Subscription, WebhookState
from services.certificate.agencies.models import Agency, FeedKey, Webhook
from services.certificate.agencies.queries.feed import find_last_position, find_position_before
from shared import audit
from shared.clock import real_now
from shared.errors import N_, Conflict, Invalid
from shared.pasted_text import Code
from shared.persons import normalise_email
from shared.security.actor import Actor
from shared.settings import settings

Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 2, tzinfo=UTC), le=datetime(2999, 12, 31, tzinfo=UTC))]
"""Any that every column and time zone can hold."""


class AddAgency(BaseModel):
    """`webhook_url` and `contact` left out leave an agency that is there as it is."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(pattern=domain.NAME, description="Lower-case letters, digits and hyphens.")
    contact: Code | None = Field(None, max_length=320, description="Where to write when something fails.")
    webhook_url: str | None = Field(None, max_length=500, description="Address that takes events by POST.")


class Replay(BaseModel):
    """From where to tell again: after a position, or from a moment on."""

    after: int | None = Field(None, ge=0, le=2**53, description="Position of the last event not to be sent again.")
    since: Moment | None = Field(None, description="In its place: from this moment on.")


@dataclass(frozen=True, slots=True)
class Keys:
    """What an agency must be given, once; empty is what it has already."""

    feed_key: str = ""
    webhook_secret: str = ""
    broker_password: str = ""

    def __bool__(self) -> bool:
        return bool(self.feed_key or self.webhook_secret or self.broker_password)


def add_agency(session: Session, actor: Actor, given: AddAgency) -> tuple[Agency, Keys]:
    """Make an agency, or bring one that is there to what is given. Keys only for what is new. Raises Invalid.

    An agency whose making was interrupted, or that was removed, gets all keys anew: nobody has seen the others.
    """
    agency = lock_agency_if_there(session, given.name)
    before = _noted(agency) if agency else None
    if agency is None:
        agency = Agency(name=given.name)
        session.add(agency)
    anew = agency.standing is not Subscription.ACTIVE
    if anew:
        agency.settled_at, agency.removed_at, agency.keys = None, None, []
    if given.contact is not None:
        agency.contact = normalise_email(given.contact, "contact")
    session.flush()
    webhook_secret = _point(session, agency, given.webhook_url, anew=anew)
    keys = Keys(
        feed_key=_give_feed_key(agency) if anew else "",
        webhook_secret=webhook_secret,
        broker_password=_password() if anew else "",
    )
    audit.record_act(session, actor, "agency:add", agency.subject, before=before, after=_noted(agency))
    return agency, keys


def settle_agency(session: Session, name: str) -> None:
    """Note that the agency's user at the broker is made too: from now on it subscribes. Raises NotFound."""
    agency = lock_agency(session, name, Subscription.UNSETTLED, Subscription.ACTIVE)
    agency.settled_at = agency.settled_at or real_now()


def rotate_agency_keys(session: Session, actor: Actor, name: str, broker_password: str) -> tuple[Agency, Keys]:
    """New keys; the earlier feed key and webhook secret stay good for `agency_grace_days`. Raises NotFound.

    `broker_password` is the one the broker has already been told.
    """
    agency, now = lock_agency(session, name), real_now()
    end = now + timedelta(days=settings().agency_grace_days)
    agency.keys = [key for key in agency.keys if key.ends_at is None or key.ends_at > now]
    for key in agency.keys:
        key.ends_at = min(key.ends_at or end, end)
    webhook_secret = ""
    if agency.webhook is not None:
        webhook_secret = domain.make_webhook_secret()
        agency.webhook.earlier_secret, agency.webhook.earlier_until = agency.webhook.secret, end
        agency.webhook.secret = webhook_secret
    audit.record_act(session, actor, "agency:rotate", agency.subject, after={"earlier_until": end.isoformat()})
    return agency, Keys(_give_feed_key(agency), webhook_secret, broker_password)


def remove_agency(session: Session, actor: Actor, name: str) -> Agency:
    """Keys and webhook go; that it was there stays on record. Safe to repeat. Raises NotFound."""
    agency = lock_agency(session, name, *Subscription)
    if agency.standing is not Subscription.REMOVED:
        audit.record_act(session, actor, "agency:remove", agency.subject, before=_noted(agency))
        agency.removed_at, agency.keys, agency.webhook = real_now(), [], None
    return agency


def replay_events(session: Session, actor: Actor, agency_id: UUID, given: Replay) -> Agency:
    """Tell its webhook again, from where it is said. Raises NotFound, Conflict without a webhook, Invalid."""
    if (given.after is None) == (given.since is None):
        either = N_("Isi salah satu: nomor urut atau tanggal.")
        raise Invalid("replay-from", either, fields={"after": either})
    webhook = lock_webhook(session, agency_id)
    last = find_last_position(session)
    after = find_position_before(session, given.since) if given.since is not None else min(given.after or 0, last)
    audit.record_act(
        session, actor, "agency:replay", webhook.agency.subject, {"position": webhook.position}, {"position": after}
    )
    webhook.position, webhook.next_try_at, webhook.lease = after, real_now(), None
    return webhook.agency


def enable_webhook(session: Session, actor: Actor, agency_id: UUID) -> Agency:
    """Try a webhook again that was switched off: it goes on where it stopped. Raises NotFound, Conflict."""
    webhook = lock_webhook(session, agency_id)
    if webhook.state is WebhookState.ON:
        raise Conflict("webhook-on", N_("Webhook ini sudah aktif."))
    webhook.state, webhook.state_since = WebhookState.ON, real_now()
    webhook.tries, webhook.failing_since, webhook.error, webhook.next_try_at = 0, None, "", real_now()
    audit.record_act(session, actor, "agency:enable", webhook.agency.subject)
    return webhook.agency


def _point(session: Session, agency: Agency, url: str | None, *, anew: bool) -> str:
    """Set where an agency's webhook is; the secret when it is a new one. An empty address takes the webhook away."""
    if url == "":
        agency.webhook = None
        return ""
    if url is not None:
        domain.check_webhook_address(url, trial=settings().trial)
    webhook = agency.webhook
    if webhook is None:
        if url is None:
            return ""
        secret = domain.make_webhook_secret()
        agency.webhook = Webhook(url=url, secret=secret, position=find_last_position(session))
        return secret
    if url is not None and url != webhook.url:
        webhook.url, webhook.next_try_at = url, real_now()
    if anew:
        webhook.secret = domain.make_webhook_secret()
        return webhook.secret
    return ""


def _give_feed_key(agency: Agency) -> str:
    key = domain.make_feed_key()
    agency.keys.append(FeedKey(hash=domain.hash_feed_key(key)))
    return key


def _password() -> str:
    return secrets.token_urlsafe(24)


def _noted(agency: Agency) -> dict[str, str]:
    """For the audit log: no keys, and not who the contact is."""
    return {
        "name": agency.name,
        "standing": agency.standing.value,
        "webhook": agency.webhook.url if agency.webhook else "",
    }
