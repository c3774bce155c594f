"""All keys made where they are missing; those that sign rolled and retired. Those that encrypt: `encryption.py`."""

from pathlib import Path

import click

from kompeten.services import NAMES

TOKEN_KEYS = "token"  # noqa: S105 - the word a person types


@click.group()
def keys() -> None:
    """Keys that sign and encrypt."""


@keys.command("create")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True)
def create_all_keys(into: Path) -> None:
    """Make the keys that are missing, the demo signing authority (contoh) among them; none is written over."""
    from shared.credentials.keys import FILE, create_credential_key
    from shared.documents.authority import CHAIN, create_demo_authority
    from shared.security.keys import create_keys
    from shared.security.service_keys import FOLDER, create_service_keys

    for made in create_keys(into) + create_service_keys(into / FOLDER):
        click.echo(made)
    if create_credential_key(into / FILE):
        click.echo(into / FILE)
    if not (into / CHAIN).exists():
        create_demo_authority(into)
        click.echo(into / CHAIN)


@keys.command("roll")
@click.argument("service", type=click.Choice((*NAMES, TOKEN_KEYS)))
@click.option("--into", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True)
def roll_signing_keys(service: str, into: Path) -> None:
    """New keys by which the others know SERVICE; the earlier ones stay good until `kompeten keys retire`.

    `token` in its place: a new pair for access tokens, in use at once.
    """
    if service == TOKEN_KEYS:
        from shared.security.token_keys import roll_token_keys

        roll_token_keys(into)
        click.echo("new tokens are signed with a new key; the old ones stay good")
        return
    from shared.security.service_keys import FOLDER, roll_service_keys

    roll_service_keys(into / FOLDER, service)
    click.echo(f"{service} signs with a new key once it has been started anew; readers know it already")


@keys.command("retire")
@click.argument("service", type=click.Choice((*NAMES, TOKEN_KEYS)))
@click.option("--into", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True)
def retire_signing_keys(service: str, into: Path) -> None:
    """Leave SERVICE its newest keys only. What earlier ones signed and is still in a queue goes to kompeten.dead.

    `token` in its place: access tokens that earlier keys signed are good no longer.
    """
    if service == TOKEN_KEYS:
        from shared.security.token_keys import retire_token_keys

        retire_token_keys(into)
        click.echo("only what the newest key signed is good")
        return
    from shared.security.service_keys import FOLDER, retire_service_keys

    retire_service_keys(into / FOLDER, service)
    click.echo(f"{service} is known by its newest keys alone")
