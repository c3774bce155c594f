"""Every POST of every service takes an `Idempotency-Key`, or says that doing it twice does no harm."""

import pytest

from kompeten.services import NAMES
from shared.security.roles import Role
from shared.web.access import is_repeatable
from tests.security.body import Body, bearer, person
from tests.security.routes import routes_of

HARMLESS = {
    "POST /assessment/typed",
    "POST /certificate/typed",
    "POST /decision/typed",
    "POST /notification/typed",
    "POST /registration/account/passkeys/challenge",
    "POST /registration/account/passkeys/new",
    "POST /registration/account/second-factor",
    "POST /registration/account/second-factor/app",
    "POST /registration/account/second-factor/move",
    "POST /registration/account/second-factor/proof",
    "POST /registration/account/second-factor/proof/challenge",
    "POST /registration/api/second-factor/confirmation",
    "POST /registration/api/tokens",
    "POST /registration/api/verification/<uuid:id>/nik",
    "POST /registration/session/renew",
    "POST /registration/sign-in",
    "POST /registration/sign-in/code",
    "POST /registration/sign-in/code/challenge",
    "POST /registration/sign-in/enrolment",
    "POST /registration/sign-in/enrolment/challenge",
    "POST /registration/sign-out",
    "POST /registration/typed",
    "POST /registration/verification/<uuid:application_id>/nik",
    "POST /surveillance/typed",
}
"""They keep what is typed so far, open or end a session, show a NIK for a reason that is noted each time, take a code
or a passkey that counts once, or say what a passkey is to sign: twice is no worse than once, and their answers hold a
token, a number, a challenge or recovery codes, which are not kept."""


def test_only_what_answers_with_a_secret_takes_no_heed_of_a_key(body: Body) -> None:
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
