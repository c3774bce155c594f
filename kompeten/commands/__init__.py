"""The subcommands of `kompeten`, one file per idea."""

import click

from kompeten.commands.accounts import accounts
from kompeten.commands.agency import agency
from kompeten.commands.backup import backup
from kompeten.commands.check_data import check_data
from kompeten.commands.contracts import access, contracts, openapi, rules
from kompeten.commands.dead_letters import dead_letters
from kompeten.commands.demo import demo
from kompeten.commands.encryption import encryption
from kompeten.commands.keys import keys
from kompeten.commands.officers import officers
from kompeten.commands.run import migrate, migrations, serve, topology, up
from kompeten.commands.signing import signing
from kompeten.commands.status import status, watch
from kompeten.commands.store import store
from kompeten.commands.verify import verify
from kompeten.commands.verify_log import verify_log
from shared.version import read_version


@click.group()
@click.version_option(version=read_version(), prog_name="kompeten")
def kompeten() -> None:
    """Certification of librarians, run by messages."""


for command in (
    up,
    serve,
    status,
    watch,
    check_data,
    migrate,
    migrations,
    topology,
    keys,
    encryption,
    accounts,
    officers,
    agency,
    dead_letters,
    signing,
    store,
    backup,
    verify,
    verify_log,
    demo,
    contracts,
    openapi,
    access,
    rules,
):
    kompeten.add_command(command)
