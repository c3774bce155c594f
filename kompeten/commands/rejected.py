"""What no consumer could settle: the broker's queue of rejected messages, seen by its administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from amqp.exceptions import AMQPError

from shared.messaging.rejected import Rejected, RejectedMessages
from shared.messaging.topology import DEAD_QUEUE, connect_as_admin
from shared.settings import settings


@click.command("rejected")
@click.option("--return", "give_back", is_flag=True, help="Give them back to the queues they came from.")
@click.option("--discard", is_flag=True, help="Throw them away: their effect will never happen.")
@click.option("--only", multiple=True, metavar="SHA256", help="Only the one whose digest begins like this; repeatable.")
@click.option("--yes", is_flag=True, help="Discard without asking.")
def rejected(give_back: bool, discard: bool, only: tuple[str, ...], yes: bool) -> None:
    """Messages that failed in a consumer to the last try: queue, type, bytes, since when, SHA-256; never the body.

    Ends with 1 when one that was to be returned had to stay.
    """
    if give_back and discard:
        raise click.UsageError("either --return or --discard")
    if settings().embedded:
        raise click.ClickException("embedded there is no such queue: what was rejected is offered again at each start")
    if discard and not yes:
        click.confirm("What is discarded is gone, its effect never happens. Go on?", abort=True)
    found, stayed = 0, 0
    with _messages() as messages:
        for message, described in messages.walk():
            if only and not described.digest.startswith(tuple(part.lower() for part in only)):
                continue
            found += 1
            done = _settle(messages, message, described, give_back=give_back, discard=discard)
            stayed += done == "stays"
            click.echo(_line(described) + (f"\t{done}" if done else ""))
    click.echo(f"{found} rejected")
    if stayed:
        click.echo(f"{stayed} stay: no queue of a service takes them", err=True)
        click.get_current_context().exit(1)


def list_rejected_lines() -> list[str]:
    """A line for each message of `kompeten.dead`, without its body. Raises ClickException when it cannot be read."""
    with _messages() as messages:
        return [_line(described) for _, described in messages.walk()]


def _settle(messages: RejectedMessages, message: Any, described: Rejected, *, give_back: bool, discard: bool) -> str:
    """What became of the message; empty when it was only looked at."""
    if discard:
        messages.discard(message)
        return "discarded"
    if give_back:
        return "returned" if messages.give_back(message, described) else "stays"
    return ""


def _line(one: Rejected) -> str:
    since = f"{one.since:%Y-%m-%d %H:%M}" if one.since else "?"
    return f"{one.queue or '?'}\t{one.type or 'unreadable'}\t{one.size} bytes\t{since}\t{one.digest}"


@contextmanager
def _messages() -> Iterator[RejectedMessages]:
    """The queue, its messages given back at the end unless they were settled; what the broker refuses is a sentence."""
    try:
        with connect_as_admin(settings()) as connection:
            messages = RejectedMessages(connection)
            try:
                yield messages
            finally:
                messages.close()
    except (AMQPError, OSError) as error:
        raise click.ClickException(
            f"{DEAD_QUEUE.name} cannot be reached as the broker's administrator ({type(error).__name__}: {error}); "
            "nothing is lost"
        ) from error
