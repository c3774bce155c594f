"""Every route of every service x every role: only who is named gets in (docs/access.md)."""

from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from kompeten.services import NAMES
from shared.security.roles import Role
from shared.web import TOKEN_COOKIE
from shared.web.access import is_csrf_exempt
from tests.security.body import Body, bearer, person
from tests.security.routes import Route, routes_of

UNSAID = "not-allowed"
HARMLESS = {"POST /registration/session/renew", "POST /certificate/check"}
"""Sent without the secret of a form: they do nothing on anybody's behalf."""


def ask(
    body: Body, service: str, route: Route, headers: dict[str, str] | None = None, cookie: str = ""
) -> TestResponse:
    """Every request comes by a proxy, from an address of its own, so that no rate limit hides what is looked for."""
    client = body.services[service].app.test_client()
    if cookie:
        client.set_cookie(TOKEN_COOKIE, cookie)
    headers = {"X-Forwarded-For": "192.0.2.1", **(headers or {})}
    address = ".".join(str(part) for part in uuid4().bytes[:4])
    return client.open(route.path(), method=route.method, headers=headers, environ_base={"REMOTE_ADDR": address})


def was_shut_out(answer: TestResponse) -> bool:
    """Refused for who they are, before the view ran; a view's own 403 has another code."""
    return (
        answer.status_code == 403
        and (answer.get_json(silent=True) or {"code": UNSAID if "Anda tidak berwenang" in answer.text else ""})["code"]
        == UNSAID
    )


@pytest.mark.parametrize("service", NAMES)
def test_every_route_says_who_may_use_it(body: Body, service: str) -> None:
    silent = [route.name for route in routes_of(body.services[service].app) if route.access is None]
    assert silent == []


@pytest.mark.parametrize("service", NAMES)
def test_nobody_signed_in_gets_past_a_public_page(body: Body, service: str) -> None:
    for route in routes_of(body.services[service].app):
        answer = ask(body, service, route)
        assert answer.status_code < 500, route.name
        if route.is_internal:
            assert answer.status_code == 404, route.name
        elif route.access is not None and route.access.anonymous:
            assert answer.status_code != 401, route.name
        elif route.is_api:
            assert answer.status_code == 401, route.name
            assert answer.content_type == "application/problem+json", route.name
        else:
            assert answer.status_code == 303, route.name
            assert answer.headers["Location"].startswith("/registration/sign-in?next="), route.name


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("service", NAMES)
def test_a_role_gets_in_exactly_where_it_is_named(body: Body, service: str, role: Role) -> None:
    actor = person(role)
    headers = bearer(actor)
    for route in routes_of(body.services[service].app):
        answer = ask(body, service, route, headers)
        assert answer.status_code < 500, f"{route.name} as {role}: {answer.text[:300]}"
        if route.is_internal:
            assert answer.status_code == 404, f"{route.name}: nothing is there from outside"
            continue
        if route.access is not None and route.access.guard:
            assert answer.status_code == 401, f"{route.name}: an account's token is no other key"
            continue
        admitted = route.access is not None and route.access.admits(actor)
        assert was_shut_out(answer) is not admitted, f"{route.name} as {role}: {answer.status_code}"


@pytest.mark.parametrize("service", NAMES)
def test_an_account_without_a_role_gets_nothing_that_names_one(body: Body, service: str) -> None:
    headers = bearer(person())
    for route in routes_of(body.services[service].app):
        if route.access is not None and route.access.roles:
            assert was_shut_out(ask(body, service, route, headers)), route.name


def test_no_other_route_goes_without_the_secret_of_its_forms(body: Body) -> None:
    free = {
        route.name
        for service in body.services.values()
        for route in routes_of(service.app)
        if is_csrf_exempt(service.app.view_functions[route.rule.endpoint])
    }
    assert {name for name in free if not name.startswith("GET")} == HARMLESS


@pytest.mark.parametrize("service", NAMES)
def test_a_browser_sends_nothing_without_the_secret_of_its_forms(body: Body, service: str) -> None:
    token = bearer(person(*Role))["Authorization"].removeprefix("Bearer ")
    for route in routes_of(body.services[service].app):
        if route.method == "GET" or route.name in HARMLESS:
            continue
        answer = ask(body, service, route, cookie=token)
        assert answer.status_code == 403, f"{route.name}: {answer.status_code}"
