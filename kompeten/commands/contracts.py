"""Documents generated from the code: JSON Schemas, AsyncAPI, OpenAPI, who may use what, where rules are kept."""

from pathlib import Path

import click

from kompeten.services import NAMES


@click.group()
def contracts() -> None:
    """The events' JSON Schemas and the AsyncAPI document."""


@contracts.command()
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/events"))
def generate(into: Path) -> None:
    """Write them anew."""
    from kompeten.topology import list_reactions
    from shared.contracts.documents import contract_documents

    for name, text in contract_documents(list_reactions()).items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    click.echo(f"written to {into}")


@click.command()
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/openapi"))
def openapi(into: Path) -> None:
    """Write the OpenAPI document of each service."""
    from kompeten.openapi import openapi_documents

    into.mkdir(parents=True, exist_ok=True)
    for service, text in openapi_documents(NAMES).items():
        (into / f"{service}.json").write_text(text)
    click.echo(f"written to {into}")


@click.command()
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), default=Path("docs/access.md"))
def access(into: Path) -> None:
    """Write the table of roles and routes of each service."""
    from kompeten.access import access_document

    into.write_text(access_document(NAMES))
    click.echo(f"written to {into}")


@click.command()
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), default=Path("docs/rules.md"))
def rules(into: Path) -> None:
    """Write where each rule is kept, from the source in this folder."""
    from kompeten.rules import rules_document

    into.write_text(rules_document(Path.cwd()))
    click.echo(f"written to {into}")
