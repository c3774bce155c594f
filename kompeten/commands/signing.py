"""Keys and time stamps from the command line: is everything ready, which keys were used, does a proof hold."""

import hashlib
from pathlib import Path

import click
from pydantic import ValidationError

from shared.database.opened import database_of
from shared.documents.timestamps import NotProven, NotStamped, Proof, read_roots, verify_register_proof
from shared.settings import settings

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def signing() -> None:
    """Keys that sign certificates, and time stamps of the register."""


@signing.command("check")
def check() -> None:
    """Whether certificates can be issued now: keys, clock, store, layout. Ends with 1 when not, and says what to do."""
    from services.certificate.making import readiness

    found = readiness.find_problems(database_of("certificate"))
    for problem in found:
        click.echo(f"{problem.code}: {problem.log}")
    if found:
        raise SystemExit(1)
    click.echo("ready: keys, clock, store and layout")


@signing.command("keys")
def keys() -> None:
    """Every key that was used, the newest first: kind, id, from when, until when."""
    from services.certificate.trust import queries as trust

    with database_of("certificate").reading() as session:
        for key in trust.list_signing_keys(session):
            until = f"{key.retired_at:%Y-%m-%d %H:%M}" if key.retired_at else "in use"
            click.echo(f"{key.kind.value}\t{key.id}\t{key.first_used_at:%Y-%m-%d %H:%M}\t{until}")


@signing.command("stamp")
def stamp() -> None:
    """Have new certificates stamped now, instead of when the service comes round to it."""
    from services.certificate.trust.commands.timestamping import stamp_register

    if not settings().timestamp_url:
        raise click.ClickException("no authority is named: set KOMPETEN_TIMESTAMP_URL and KOMPETEN_TIMESTAMP_CA_FILE")
    click.echo(f"{stamp_register(database_of('certificate'))} batches stamped")


@signing.command("proof")
@click.argument("file", type=EXISTING)
@click.option("--certificate", "pdf", type=EXISTING, help="The certificate's PDF: the proof must be of this very file.")
@click.option(
    "--authority", type=EXISTING, help="Roots of the time-stamping authority, PEM. [KOMPETEN_TIMESTAMP_CA_FILE]"
)
def proof(file: Path, pdf: Path | None, authority: Path | None) -> None:
    """Check a proof (`proof.json` of a certificate's check page), without database and without network."""
    roots = authority or settings().timestamp_ca_file
    if roots is None:
        raise click.ClickException("say whose time stamps you believe: --authority ROOTS.pem")
    try:
        given = Proof.model_validate_json(file.read_bytes())
        found = verify_register_proof(given, read_roots(roots))
    except ValidationError as error:
        raise click.ClickException(f"{file} is no proof: {error.errors()[0]['msg']}") from error
    except (NotProven, NotStamped) as error:
        raise click.ClickException(f"the proof does not hold: {error}") from error
    if pdf is not None and hashlib.sha256(pdf.read_bytes()).hexdigest() != given.sha256:
        raise click.ClickException(f"the proof holds, but it is not of {pdf}")
    click.echo(f"{given.number}, version {given.version}: in the register by {found.at:%Y-%m-%d %H:%M:%S} UTC")
    click.echo(f"stamped by {found.authority}; SHA-256 of the file {given.sha256}")
