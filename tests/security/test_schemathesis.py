"""Whatever fits a service's OpenAPI document, and what almost does, is answered as it says; never with a 5xx."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kompeten.services import NAMES
from shared.security.roles import Role
from tests.security.body import Body, bearer, person

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 5, GenerationMode.NEGATIVE: 4}
"""Requests per operation and kind: all services together stay below a minute."""


def operations(body: Body, service: str) -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi(f"/{service}/openapi.json", body.services[service].app)
    for found in schema.get_all_operations():
        yield cast(Ok[Any], found).ok()


def headers_for(body: Body, operation: Any) -> dict[str, str]:
    """A token of whoever the document says may use the operation."""
    named = operation.definition.raw["x-roles"]
    if named == ["agency"]:
        return {"Authorization": f"Bearer {body.feed_key}"}
    return {} if named == ["anybody"] else bearer(person(*(Role(role) for role in named if role in set(Role))))


def probe(body: Body, operation: Any, kind: GenerationMode) -> None:
    """Ask the operation what the document makes up for it; raises where the answer breaks the document."""
    headers = headers_for(body, operation)

    @settings(
        max_examples=EXAMPLES[kind],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=kind))
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.value)
@pytest.mark.parametrize("service", NAMES)
def test_every_operation_keeps_to_the_document(body: Body, service: str, kind: GenerationMode) -> None:
    for operation in operations(body, service):
        try:
            probe(body, operation, kind)
        except Unsatisfiable:
            assert kind is GenerationMode.NEGATIVE  # it takes no input that could be wrong


@pytest.mark.parametrize("service", NAMES)
def test_every_operation_is_told_apart_and_described(body: Body, service: str) -> None:
    ids = []
    for operation in operations(body, service):
        raw = operation.definition.raw
        ids.append(raw["operationId"])
        assert raw.get("summary"), operation.label
        assert raw["x-roles"], operation.label
    assert len(ids) == len(set(ids))
