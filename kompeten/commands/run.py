"""Starting things: services, schema, broker topology."""

import click

from kompeten.services import NAMES
from shared.settings import settings
from shared.version import read_version


def _services(name: str) -> tuple[str, ...]:
    return NAMES if name == "all" else (name,)


@click.command()
def up() -> None:
    """Run everything in one process (embedded), at KOMPETEN_LISTEN."""
    from kompeten.body_data import stop_on_bad_data
    from kompeten.prepare import prepare_embedded
    from kompeten.running import serve_embedded
    from shared.runtime.logs import start_logging

    start_logging(settings().log_level)
    _log_start("everything, embedded")
    stop_on_bad_data()
    prepare_embedded()
    serve_embedded(_say_where)


def _say_where() -> None:
    config = settings()
    click.echo(f"Kompeten: {config.public_url}/")
    if config.trial and config.demo_password:
        _set_the_stage()
        from services.registration.commands.first_accounts import DEMO_ACCOUNTS

        click.echo(f"Akun contoh, kata sandi {config.demo_password}:")
        for account in DEMO_ACCOUNTS:
            click.echo(f"  {account.email:<34} {', '.join(account.roles)}")


def _set_the_stage() -> None:
    """On a trial: officers appointed, assessors registered, a period opened, through the API once it answers."""
    import threading

    threading.Thread(target=_assemble, daemon=True).start()


def _assemble() -> None:
    import logging

    from kompeten.commands.demo import ADMINISTRATOR
    from kompeten.demo.cast import assemble_cast
    from kompeten.demo.client import Client, DemoFailed
    from shared.clock import today

    password, nobody = settings().demo_password, Client(f"http://{settings().listen}")
    try:
        assemble_cast(nobody, nobody.signed_in(ADMINISTRATOR, password), password, today())
    except DemoFailed as failed:
        logging.getLogger(__name__).warning("the stage of the demo is not set: %s", failed)


def _log_start(what: str) -> None:
    """The first line of a process says which version it is."""
    import logging

    log = logging.getLogger("kompeten")
    log.info("kompeten %s starts: %s, runner %s", read_version(), what, settings().runner)


@click.command()
@click.argument("service", type=click.Choice(NAMES))
def serve(service: str) -> None:
    """Run one service (one container), until SIGTERM."""
    from kompeten.body_data import stop_on_bad_data
    from kompeten.running import serve_service
    from kompeten.services import find_service
    from shared.runtime.logs import start_logging
    from shared.runtime.needs import UnfitSecrets, check_secrets
    from shared.security.service_keys import check_service_keys

    start_logging(settings().log_level)
    _log_start(service)
    check_service_keys(service)
    try:
        check_secrets(find_service(service))
    except UnfitSecrets as error:
        raise click.ClickException(str(error)) from error
    stop_on_bad_data([service])
    serve_service(service)


@click.command()
@click.argument("service", type=click.Choice((*NAMES, "all")), default="all")
def migrate(service: str) -> None:
    """Bring the database of a service, or of all, to the newest schema."""
    from kompeten.schema import migrate_services

    migrate_services(_services(service))


@click.group()
def migrations() -> None:
    """Write and check migrations."""


@migrations.command()
@click.argument("service", type=click.Choice((*NAMES, "shared")))
@click.option("-m", "message", required=True, help="What changes, in a few words.")
def make(service: str, message: str) -> None:
    """Write the migration from the newest one to the models; `shared` is what every service has."""
    from kompeten.schema import write_service_migration, write_shared_migration

    if service == "shared":
        write_shared_migration(message)
    else:
        write_service_migration(service, message)


@click.group()
def topology() -> None:
    """Exchanges and queues of the broker."""


@topology.command("declare")
def declare_exchanges_and_queues() -> None:
    """Declare them all; safe to repeat."""
    from kompeten.topology import declare_topology
    from shared.messaging.topology import connect_broker

    with connect_broker(settings()) as connection:
        connection.ensure_connection(max_retries=30, interval_start=1, interval_step=0)
        declare_topology(connection)
    click.echo("declared")
