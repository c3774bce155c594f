"""What other agencies build on: valid by the official tooling, with examples that are what they say."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from kompeten.topology import list_reactions
from shared.contracts.agencies import Places, example_of_fact, public_asyncapi, public_facts
from shared.contracts.documents import internal_asyncapi as between_services
from shared.contracts.documents import readers_by_fact
from shared.contracts.envelope import Envelope, Fact
from shared.contracts.schemas import envelope_schema
from tests import node

ERROR, WARNING = 0, 1


def parsed(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = node.run(Path(node.__file__).parent / "asyncapi.mjs", given=json.dumps(document))
    return found


@pytest.mark.parametrize(
    "places",
    [Places(), Places(broker_url="", public_url="http://127.0.0.1:8000")],
    ids=["deployed", "embedded"],
)
def test_the_official_parser_finds_nothing_wrong(places: Places) -> None:
    found = parsed(public_asyncapi(places))
    assert [told for told in found["diagnostics"] if told["severity"] in (ERROR, WARNING)] == []
    assert {fact.type for fact in public_facts()} <= set(found["messages"])
    assert found["operations"] == ["consumeStream", "readFeed", "takeWebhook"]


def test_the_document_between_the_services_has_no_error_either() -> None:
    found = parsed(between_services(readers_by_fact(list_reactions())))
    assert [told for told in found["diagnostics"] if told["severity"] == ERROR] == []


@pytest.mark.parametrize("fact", public_facts(), ids=lambda fact: fact.type)
def test_every_example_is_what_its_schema_says(fact: type[Fact]) -> None:
    example = example_of_fact(fact)
    Draft202012Validator(envelope_schema(fact), validate_formats=True).validate(example)
    assert Envelope.model_validate(example).opened(fact).fact.model_dump(mode="json") == example["data"]


def test_agencies_hear_of_every_change_in_a_certificates_life() -> None:
    told = {fact.type.removeprefix("id.kompeten.public.certificate_").removesuffix(".v1") for fact in public_facts()}
    life = {"issued", "renewed", "suspended", "reinstated", "scope_reduced", "reissued", "withdrawn", "expired"}
    assert told == life


def test_no_more_is_told_than_the_check_page_shows() -> None:
    shown = {"number", "holder_name", "scheme", "issuer", "status", "issued_on", "expires_on", "check_url"}
    for fact in public_facts():
        assert set(fact.model_fields) - shown <= {"units", "renews", "at"}, fact.type
