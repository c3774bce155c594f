"""The subcommands of `kompeten`, one file per idea."""

import click

from kompeten.commands.accounts import accounts
from kompeten.commands.agency import agency
from kompeten.commands.contracts import access, contracts, openapi, rules
from kompeten.commands.dead_letters import dead_letters
from kompeten.commands.demo import demo
from kompeten.commands.run import keys, migrate, migrations, serve, topology, up
from kompeten.commands.signing import signing
from kompeten.commands.status import status, watch
from kompeten.commands.store import store
from kompeten.commands.verify import verify
from shared.version import read_version


@click.group()
@click.version_option(version=read_version(), prog_name="kompeten")
def kompeten() -> None:
    """Certification of librarians, run by messages."""


for command in (
    up,
    serve,
    migrate,
    migrations,
    topology,
    keys,
    accounts,
    dead_letters,
    demo,
    contracts,
    openapi,
    access,
    rules,
):
    kompeten.add_command(command)
kompeten.add_command(agency)
kompeten.add_command(verify)
kompeten.add_command(signing)
kompeten.add_command(store)
kompeten.add_command(status)
kompeten.add_command(watch)
