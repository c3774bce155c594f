"""Every POST of every service takes an `Idempotency-Key`, or says that doing it twice does no harm."""

import pytest

from kompeten.services import NAMES
from shared.security.roles import Role
from shared.web.access import is_repeatable
from tests.security.body import Body, bearer, person
from tests.security.routes import routes_of

HARMLESS = {
    "POST /registration/api/tokens",
    "POST /registration/session/renew",
    "POST /registration/sign-in",
    "POST /registration/sign-in/code",
    "POST /registration/sign-out",
}
"""They open or end a session, which twice is no worse than once; their answers hold a token and are not kept."""


def test_only_what_opens_or_ends_a_session_takes_no_heed_of_a_key(body: Body) -> None:
    found = {
        route.name
        for service in body.services.values()
        for route in routes_of(service.app)
        if route.method == "POST" and is_repeatable(service.app.view_functions[route.rule.endpoint])
    }
    assert found == HARMLESS


@pytest.mark.parametrize("service", NAMES)
def test_every_other_post_reads_its_key_before_anything_is_done(body: Body, service: str) -> None:
    """A key that can be none is refused at each: so each has looked at it."""
    client, headers = body.services[service].app.test_client(), bearer(person(*Role))
    for route in routes_of(body.services[service].app):
        guarded = route.access is not None and route.access.guard is not None
        if route.method != "POST" or route.name in HARMLESS or guarded:
            continue
        answer = client.post(
            route.path(), headers={**headers, "Idempotency-Key": "pendek", "Accept": "application/json"}
        )
        assert answer.status_code in (422, 429), f"{route.name}: {answer.status_code}"
        if route.is_api and answer.status_code == 422:
            assert answer.get_json()["code"] == "idempotency-key-invalid", route.name
