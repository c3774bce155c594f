"""How often one network may ask, view by view: what the marks on the views allow, counted by `shared.security`.

What guards a secret or a mailbox (`@limit_rate`) is counted across replicas. What anybody may read has the rate of
READING, which guards this process alone and is counted in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask, current_app, request

from shared.errors import N_, TooMany
from shared.security.alarm import SecurityEvent, note_security
from shared.security.allowances import Allowance, Allowances, Spent, find_allowances
from shared.security.networks import mark_network
from shared.web.access import READING, Limit
from shared.web.authentication import current_actor_or_none
from shared.web.proxies import household_of

EXTENSION = "kompeten.limits"
SERVICE = "kompeten.service"
"""Key of the application's extension that is the name of its service."""

LINES = "5/minute"
"""How many lines of the log one event of one visitor at one view may fill."""
SLOW_DOWN = N_("Terlalu banyak percobaan. Tunggu sebentar lalu coba lagi.")


def install_limits(app: Flask) -> None:
    """Give `app` counters of its own for what is only read."""
    app.extensions[EXTENSION] = Allowances()


def count_request(limits: tuple[Limit, ...]) -> None:
    """Count this request. Raises TooMany when the network it comes from has used up its rate on this view."""
    for limit in limits:
        if request.method in limit.methods:
            counters = _counters_of_process() if limit.of_process else find_allowances()
            subject = (request.endpoint or "", current_network())
            with refusing_spent():
                counters.take(Allowance(f"view of {current_service()}", limit.rate, subject))


def count_stranger() -> None:
    """Count what somebody without an account asks where there is no view, or of one that wants an account.

    Raises TooMany.
    """
    rate = Allowance(f"nothing of {current_service()}", READING.rate, (current_network(),))
    with refusing_spent():
        _counters_of_process().take(rate)


def current_service() -> str:
    """The name of the service that answers the request."""
    name: str = current_app.extensions[SERVICE]
    return name


def current_network() -> str:
    """The mark of the network that this request comes from."""
    return mark_network(household_of(request.remote_addr or ""))


def note_request(event: SecurityEvent) -> None:
    """Write `event` of this request into the log that alarms read: who, as far as is known, from where and at what."""
    actor, network = current_actor_or_none(), current_network()
    route = f"{request.method} {request.url_rule or ''}".strip()
    account = str(actor.id) if actor else ""
    # whoever goes on asking fills no disk
    with suppress(Spent):
        _counters_of_process().take(Allowance("lines of the log", LINES, (event, network, account, route)))
        note_security(event, account=account, network=network, service=current_service(), route=route)


@contextmanager
def refusing_spent(message: str = SLOW_DOWN) -> Iterator[None]:
    """Turn Spent into TooMany with `message`, which says when to come again."""
    try:
        yield
    except Spent as spent:
        note_request(SecurityEvent.LIMIT_REACHED)
        wait, (minutes, seconds) = spent.retry_after, divmod(spent.retry_after, 60)
        raise TooMany(
            "too-many-tries", message, details={"retry_after": wait}, minutes=minutes, seconds=seconds
        ) from spent


def _counters_of_process() -> Allowances:
    counters: Allowances = current_app.extensions[EXTENSION]
    return counters
