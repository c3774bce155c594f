"""Checking a certificate from the command line, also without a network."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
from cryptography import x509

from shared.credentials import did, form, online
from shared.credentials.claims import Words
from shared.credentials.compact import read_compact as read_qr
from shared.credentials.did import Issuer
from shared.credentials.standing import find_standing
from shared.credentials.verification import (
    MOST_BYTES,
    Check,
    Kind,
    Standing,
    StatusSource,
    StatusUnknown,
    Trust,
    Verdict,
    kind_of,
)
from shared.credentials.verification import verify_credential as verified

NAMES = {
    Check.FORMAT: Words("Bentuk", "Format"),
    Check.SIGNATURE: Words("Tanda tangan", "Signature"),
    Check.ISSUER: Words("Penerbit", "Issuer"),
    Check.STATUS: Words("Status", "Status"),
    Check.DATES: Words("Masa berlaku", "Dates"),
}
ENOUGH = {Check.FORMAT, Check.SIGNATURE, Check.ISSUER, Check.DATES}
PASSED, FAILED, NOT_KNOWN = 0, 1, 2
SAVED = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--issuer", "issuer_file", type=SAVED, help="The issuer's did.json, saved beforehand.")
@click.option("--authority", type=SAVED, help="PEM file of the authorities that a PDF's signature must go back to.")
@click.option("--online", "is_online", is_flag=True, help="Fetch did.json (unless given) and the status lists.")
@click.option("--url", help="Address of the issuer's system; without it as the document says.")
def verify(file: IO[bytes], issuer_file: Path | None, authority: Path | None, is_online: bool, url: str | None) -> None:
    """Check a certificate: a PDF, a JSON credential, or the text of a QR code (`-`: from standard input).

    Ends with 0 when every check that was performed passed, 1 when one failed, 2 when too little could be checked.
    """
    data = file.read(MOST_BYTES + 1)
    issuer = _issuer(data, issuer_file, is_online, url)
    roots = _roots(authority) if authority else ()
    missing: list[str] = []
    status = _online_status(issuer, missing) if is_online and issuer else None
    verdict = verified(data, Trust(issuer, _now(), roots, status))
    _print(verdict, missing)
    sys.exit(_code(verdict))


def _code(verdict: Verdict) -> int:
    if verdict.failed:
        return FAILED
    return PASSED if set(verdict.performed) >= ENOUGH else NOT_KNOWN


def _print(verdict: Verdict, missing: list[str]) -> None:
    for finding in verdict.findings:
        name = NAMES[finding.check]
        click.echo(f"{'✓' if finding.passed else '✗'} {name.id}: {finding.words.id}")
        click.echo(f"  {name.en}: {finding.words.en}")
    left = [NAMES[check] for check in Check if check not in verdict.performed]
    if left:
        click.echo(f"- Tidak diperiksa: {', '.join(name.id for name in left)}.")
        click.echo(f"  Not checked: {', '.join(name.en for name in left)}.")
    for reason in missing:
        click.echo(f"  {reason}")
    if verdict.facts:
        facts = verdict.facts
        click.echo(f"\n{facts.holder_name}\n{facts.number}\n{facts.scheme}\n{facts.check_url}")


def _issuer(data: bytes, file: Path | None, is_online: bool, url: str | None) -> Issuer | None:
    if file:
        try:
            return did.read_did_document(file.read_bytes())
        except ValueError as error:
            raise click.UsageError(f"{file} is not an issuer's did.json") from error
    if not is_online:
        return None
    try:
        return online.fetch_issuer(f"{url.rstrip('/')}/certificate" if url else _base(data))
    except online.NotFetched as error:
        raise click.UsageError(str(error)) from error


def _base(data: bytes) -> str:
    """Where the issuer named in the document publishes its keys: https always, for a document may name anybody."""
    try:
        if kind_of(data) is Kind.CREDENTIAL:
            return did.address_of_did(form.parse_badge(data)[0]["issuer"]["id"])
        return did.address_of_did(did.did_of(read_qr(data.decode()).base))
    except ValueError as error:
        raise click.UsageError("name the issuer with --url or --issuer: it cannot be read from this file") from error


def _online_status(issuer: Issuer, missing: list[str]) -> StatusSource:
    def source(base: str, index: int) -> Standing:
        try:
            return find_standing(base, index, online.fetch_public, issuer, _now)
        except (online.NotFetched, StatusUnknown) as error:
            missing.append(f"{NAMES[Check.STATUS].id}: {error}")
            raise StatusUnknown(str(error)) from error

    return source


def _roots(file: Path) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except ValueError as error:
        raise click.UsageError(f"{file} holds no certificates (PEM)") from error


def _now() -> datetime:
    return datetime.now(UTC)
