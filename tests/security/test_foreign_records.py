"""Somebody else's record looks like no record at all: 404, or 403, and nothing of it is told or changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from shared.audit import AuditRow
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.security.body import bearer, person
from tests.security.routes import Route, routes_of
from tests.security.story import Story
from tests.security.test_schemathesis import operations

STAGES = ("registration", "assessment", "decision", "certificate", "surveillance")
HIDDEN = (403, 404)


def private_routes(story: Story, service: str, role: Role) -> Iterator[Route]:
    """Routes of single records that `role` may use."""
    for route in routes_of(story.body.services[service].app):
        access = route.access
        if access is not None and not access.anonymous and access.admits(person(role)) and route.rule.arguments:
            yield route


def ask(story: Story, service: str, method: str, address: str, actor: Actor, body: Any = None) -> TestResponse:
    client = story.body.services[service].app.test_client()
    return client.open(address, method=method, headers=bearer(actor), json=body)


def acts_of(story: Story, service: str, actor: Actor) -> int:
    """How many acts the audit log of a service has by somebody."""
    with story.body.services[service].database.reading() as session:
        return session.scalar(select(func.count()).where(AuditRow.actor_id == actor.id)) or 0


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ASSESSOR])
@pytest.mark.parametrize("service", STAGES)
def test_a_stranger_sees_nobody_elses_record(story: Story, service: str, role: Role) -> None:
    stranger = person(role)
    told = []
    for route in private_routes(story, service, role):
        if route.is_api and route.method != "GET":
            continue
        for address in story.addresses(service, route):
            status = ask(story, service, route.method, address, stranger).status_code
            if status not in HIDDEN:
                told.append(f"{route.name} -> {status}")
    assert sorted(set(told)) == []
    assert acts_of(story, service, stranger) == 0


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ASSESSOR])
@pytest.mark.parametrize("service", STAGES)
def test_a_stranger_changes_nobody_elses_record(story: Story, service: str, role: Role) -> None:
    """The bodies fit the document, so that a refusal is about the record and not about the form."""
    stranger = person(role)
    told: list[str] = []
    named = {route.name: route for route in private_routes(story, service, role) if route.is_api}
    for operation in operations(story.body, service):
        route = named.get(f"{operation.method.upper()} {_rule(named, operation.path)}")
        if route is None or route.method == "GET":
            continue
        addresses = list(story.addresses(service, route))

        @settings(
            max_examples=1, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def try_all(case: Any) -> None:
            body = case.body if isinstance(case.body, dict | list) else None
            for address in addresses:  # noqa: B023 - run at once, below
                status = ask(story, service, route.method, address, stranger, body).status_code  # noqa: B023
                if status not in (*HIDDEN, 415, 422):
                    told.append(f"{route.name} -> {status}")  # noqa: B023

        try_all()
    assert sorted(set(told)) == []
    assert acts_of(story, service, stranger) == 0


@pytest.mark.parametrize("service", STAGES)
def test_the_owner_sees_the_same_records(story: Story, service: str) -> None:
    """Otherwise the walks above would find nothing because they look for nothing."""
    owner = story.owner
    seen = [
        address
        for route in private_routes(story, service, Role.APPLICANT)
        if route.method == "GET"
        for address in story.addresses(service, route)
        if ask(story, service, "GET", address, owner).status_code == 200
    ]
    assert seen


def _rule(named: dict[str, Route], path: str) -> str:
    """The rule behind a path of the document: `/things/{id}` is `/things/<uuid:id>`."""
    shapes = {route.path(**{name: f"{{{name}}}" for name in route.rule.arguments}): route for route in named.values()}
    return shapes[path].rule.rule if path in shapes else ""
