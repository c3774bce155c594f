"""Other agencies from the command line: who may read the public events, and with which keys."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import click

from kompeten.commands.refusals import saying_refusals
from kompeten.topology import declare_topology
from shared.database.opened import database_of
from shared.messaging.management import AGENCY, Broker, BrokerRefused
from shared.messaging.topology import connect_as_admin
from shared.security.actor import SYSTEM
from shared.settings import settings

SERVICE = "certificate"
BATCH = 500
NO_ADDRESS = (
    "agencies cannot reach the broker: KOMPETEN_BROKER_PUBLIC_URL is not set. Set it and open port 5671 "
    "(docs/operations/deploy.md, 'Other agencies'), or say --without-stream for an agency that polls the feed or takes "
    "webhooks. Nothing was changed"
)


@click.group()
def agency() -> None:
    """Other agencies that hear of certificates."""


@agency.command("add")
@click.argument("name")
@click.option("--webhook", default=None, help="Address that takes events by POST; empty takes the webhook away.")
@click.option("--contact", default=None, help="Mail address to write to when its webhook fails.")
@click.option("--without-stream", is_flag=True, help="It reads the feed or takes webhooks, and has no broker user.")
def add(name: str, webhook: str | None, contact: str | None, without_stream: bool) -> None:
    """Make an agency NAME (or change its webhook or contact) and print its connection settings, once."""
    from services.certificate.agencies.commands import subscribing as commands

    with _refusing(), _broker() as found:
        broker = None if without_stream else found
        if broker is not None and not settings().broker_public_url:
            raise click.ClickException(NO_ADDRESS)
        given = commands.AddAgency(name=name, contact=contact, webhook_url=webhook)
        with database_of(SERVICE).unit_of_work() as session:
            made, keys = commands.add_agency(session, SYSTEM, given)
            user = made.broker_user
        if broker and keys.broker_password:
            broker.keep_user(user, keys.broker_password, AGENCY)
        with database_of(SERVICE).unit_of_work() as session:
            commands.settle_agency(session, name)
    if not keys:
        click.echo(f"{name} is there already; its keys were shown when it was made (new ones: kompeten agency rotate)")
    else:
        _show(name, user, keys.broker_password if broker else "", keys.feed_key, keys.webhook_secret)


@agency.command("list")
def list_agencies() -> None:
    """One line each: name, standing, webhook, events waiting, what the last try met."""
    from services.certificate.agencies.queries.subscribers import list_agencies
    from shared.pagination import PageQuery

    with database_of(SERVICE).reading() as session:
        number = 1
        while True:
            found = list_agencies(session, PageQuery(page=number, size=100))
            for one in found.items:
                hook = one.webhook
                told = f"{hook.state}\t{hook.waiting} waiting\t{hook.url}\t{hook.error}" if hook else "no webhook"
                click.echo(f"{one.name}\t{one.standing}\t{told}")
            if number >= found.pages:
                break
            number += 1
    click.echo(f"{found.total} agencies")


@agency.command("rotate")
@click.argument("name")
def rotate(name: str) -> None:
    """New keys for NAME; earlier feed key and webhook secret stay good for days, the broker password ends now."""
    from services.certificate.agencies.commands import subscribing as commands
    from services.certificate.agencies.commands.loading import lock_agency

    password = secrets.token_urlsafe(24)
    with _refusing(), _broker() as broker:
        with database_of(SERVICE).reading() as session:
            user = lock_agency(session, name).broker_user
        if broker:
            broker.keep_user(user, password, AGENCY)
        with database_of(SERVICE).unit_of_work() as session:
            _, keys = commands.rotate_agency_keys(session, SYSTEM, name, password)
    _show(name, user, keys.broker_password if broker else "", keys.feed_key, keys.webhook_secret)


@agency.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """NAME hears nothing more: its user, its keys and its webhook go, its connections are closed."""
    from services.certificate.agencies.commands import subscribing as commands

    with _refusing(), _broker() as broker:
        with database_of(SERVICE).unit_of_work() as session:
            user = commands.remove_agency(session, SYSTEM, name).broker_user
        if broker:
            broker.delete_user(user)
    click.echo(f"{name} hears nothing more")


@agency.command("refill")
@click.confirmation_option(prompt="Every agency that reads the stream gets everything again. Go on?")
def refill() -> None:
    """Put every public event into the stream again, in order: after the broker has lost it."""
    with _refusing(), _broker() as broker:
        if broker is None:
            raise click.ClickException("embedded there is no stream")
        with connect_as_admin(settings()) as connection:
            declare_topology(connection)
            count = _publish_register(connection)
    click.echo(f"{count} events; tell the agencies to read again from the first")


def _publish_register(connection: Any) -> int:
    """Publish all that is kept, in the order of the feed; how many events."""
    from services.certificate.agencies.queries import feed
    from shared.messaging.models import PUBLIC_EXCHANGE
    from shared.messaging.relay import Publisher

    publisher, after, count = Publisher(connection), 0, 0
    while True:
        with database_of(SERVICE).reading() as session:
            found = feed.list_public_events(session, after, BATCH)
        if not found.events:
            return count
        if publisher.publish(PUBLIC_EXCHANGE, [(str(event.id), event.type, event.envelope) for event in found.events]):
            raise BrokerRefused("the broker did not take every event")
        after, count = found.after, count + len(found.events)


def _show(name: str, user: str, password: str, feed_key: str, webhook_secret: str) -> None:
    """Settings as a program reads them (.env), with what is new only."""
    config = settings()
    click.echo(f"# {name}: shown this once, keep it like a password")
    click.echo(f"# how to begin: {config.public_url}/certificate/events")
    if password and config.broker_public_url:
        click.echo(f"AMQP_URL={_address(user, password)}")
        click.echo("STREAM=kompeten.public.stream")
    if feed_key:
        click.echo(f"FEED_URL={config.public_url}/certificate/api/feed")
        click.echo(f"FEED_KEY={feed_key}")
    if webhook_secret:
        click.echo(f"WEBHOOK_SECRET={webhook_secret}")


def _address(user: str, password: str) -> str:
    """The broker as agencies reach it, with this user in it."""
    config = settings()
    public = urlsplit(config.broker_public_url)
    host = public.netloc.rpartition("@")[2]
    return public._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{host}").geturl()


@contextmanager
def _broker() -> Iterator[Broker | None]:
    """The broker to make users at; None where everything is embedded and agencies have feed and webhooks only."""
    broker = Broker.of(settings())
    if broker is None:
        if not settings().embedded:
            raise click.ClickException("KOMPETEN_BROKER_MANAGEMENT_URL is not set: no user can be made at the broker")
        yield None
        return
    with broker:
        yield broker


@contextmanager
def _refusing() -> Iterator[None]:
    """What the service or the broker refuses becomes a sentence."""
    try:
        with saying_refusals():
            yield
    except BrokerRefused as refusal:
        raise click.ClickException(f"{refusal}; nothing is lost, run the command again") from refusal
