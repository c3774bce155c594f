"""The subcommands of `kompeten`, one file per idea."""

import click

from shared.runtime.commands.accounts import accounts
from shared.runtime.commands.agency import agency
from shared.runtime.commands.contracts import contracts, openapi
from shared.runtime.commands.dead_letters import dead_letters
from shared.runtime.commands.demo import demo
from shared.runtime.commands.run import keys, migrate, migrations, serve, topology, up
from shared.runtime.commands.signing import signing
from shared.runtime.commands.store import store
from shared.runtime.commands.verify import verify


@click.group()
def kompeten() -> None:
    """Certification of librarians, run by messages."""


for command in (up, serve, migrate, migrations, topology, keys, accounts, dead_letters, demo, contracts, openapi):
    kompeten.add_command(command)
kompeten.add_command(agency)
kompeten.add_command(verify)
kompeten.add_command(signing)
kompeten.add_command(store)
