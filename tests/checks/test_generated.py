"""What is generated from the code is committed as it would be generated now."""

from pathlib import Path

import pytest

from kompeten import openapi
from kompeten.access import access_document
from kompeten.services import NAMES
from kompeten.topology import list_reactions
from shared.contracts.documents import contract_documents
from shared.contracts.envelope import Fact
from shared.contracts.schemas import envelope_schema
from shared.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_committed_contracts_are_up_to_date() -> None:
    """If this fails: `kompeten contracts generate`, and look at what changed; a breaking change is a new type."""
    folder = ROOT / "docs" / "events"
    committed = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert committed == contract_documents(list_reactions())


@pytest.mark.parametrize("service", NAMES)
def test_the_committed_openapi_is_up_to_date(service: str) -> None:
    """If this fails: `kompeten openapi`, and look at what changed."""
    assert (ROOT / "docs" / "openapi" / f"{service}.json").read_text() == openapi.openapi_documents([service])[service]


def test_the_committed_table_of_access_is_up_to_date() -> None:
    """If this fails: `kompeten access`, and look at who may do more than before."""
    assert (ROOT / "docs" / "access.md").read_text() == access_document(NAMES)


@pytest.mark.parametrize("fact", list(Fact.all()), ids=lambda fact: fact.type)
def test_every_fact_says_what_it_means(fact: type[Fact]) -> None:
    assert len(envelope_schema(fact)["description"]) > 10


def test_every_setting_is_explained_and_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"KOMPETEN_{name.upper()}=" in example, f"KOMPETEN_{name.upper()} is missing in .env.example"


def test_every_command_is_documented() -> None:
    from click import Command, Group

    from kompeten.commands import kompeten

    page = (ROOT / "docs" / "operations" / "commands.md").read_text()

    def walk(command: Command, path: str) -> None:
        if isinstance(command, Group):
            for name, child in command.commands.items():
                walk(child, f"{path} {name}")
        else:
            assert f"`{path}" in page, f"{path} is missing in docs/operations/commands.md"

    walk(kompeten, "kompeten")
