"""What somebody can still do with a token from before: after deactivation, sign-out, other roles, another password."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from kompeten.services import NAMES
from services.registration.commands.accounts import OpenStaffAccount
from services.registration.commands.authority import supersede_tokens
from services.registration.models import Account
from shared.security.generations import AccountGeneration
from shared.security.roles import Role
from shared.web import TOKEN_COOKIE
from shared.web.access import Access
from tests.security.body import Body, bearer, person
from tests.security.routes import Route, routes_of
from tests.security.test_route_walk import HARMLESS, ask
from tests.unit.registration.people import open_with_password

PASSWORD = "sandi contoh untuk pencuri"
API = "/registration/api"
GONE = 401


def wants_account(access: Access | None) -> bool:
    return access is not None and not access.anonymous and access.guard is None


@pytest.fixture
def administrators(body: Body) -> Iterator[tuple[UUID, UUID]]:
    """Two of them: the one whose token is stolen, and a colleague."""
    yield open_account(body, Role.ADMINISTRATOR), open_account(body, Role.ADMINISTRATOR)
    forget_generations(body)


def open_account(body: Body, *roles: Role) -> UUID:
    address = f"{uuid4().hex[:12]}@contoh.test"
    with body.services["registration"].database.unit_of_work() as session:
        wanted = OpenStaffAccount(name="ORANG CONTOH", email=address, roles=list(roles))
        account_id = open_with_password(session, wanted, PASSWORD).id
    body.settle()
    return account_id


def forget_generations(body: Body) -> None:
    for service in body.services.values():
        with service.database.unit_of_work() as session:
            session.execute(delete(AccountGeneration))


def sign_in(body: Body, account_id: UUID) -> dict[str, str]:
    with body.services["registration"].database.reading() as session:
        address = session.get_one(Account, account_id).email
    given = {"email": address, "password": PASSWORD}
    came_from = {"REMOTE_ADDR": ".".join(str(part) for part in uuid4().bytes[:4])}
    answer = registration(body).post(f"{API}/tokens", json=given, environ_base=came_from)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.get_json()['token']}"}


def registration(body: Body) -> FlaskClient:
    return body.services["registration"].app.test_client()


def is_active(body: Body, account_id: UUID) -> bool:
    with body.services["registration"].database.reading() as session:
        return session.get_one(Account, account_id).active


@pytest.mark.parametrize("service", NAMES)
def test_an_ended_token_passes_no_route_of_any_service(body: Body, service: str) -> None:
    """Every route that wants an account and changes something, and every one that reads, with all roles there are."""
    account_id = open_account(body, *Role)
    with body.services["registration"].database.unit_of_work() as session:
        account = session.get_one(Account, account_id)
        supersede_tokens(session, account)
        headers = bearer(account.actor)
    body.settle()
    walked: list[Route] = []
    for route in routes_of(body.services[service].app):
        if not wants_account(route.access):
            continue
        walked.append(route)
        answer = ask(body, service, route, headers)
        if route.is_api:
            assert (answer.status_code, answer.get_json()["code"]) == (GONE, "token-superseded"), route.name
        else:
            assert answer.status_code == 303, route.name
            assert answer.location.startswith("/registration/sign-in?next="), route.name
    assert walked
    forget_generations(body)


@pytest.mark.parametrize("service", NAMES)
def test_a_browser_with_an_ended_token_gets_past_no_page(body: Body, service: str) -> None:
    account_id = open_account(body, *Role)
    with body.services["registration"].database.unit_of_work() as session:
        account = session.get_one(Account, account_id)
        supersede_tokens(session, account)
        token = bearer(account.actor)["Authorization"].removeprefix("Bearer ")
    body.settle()
    for route in routes_of(body.services[service].app):
        if route.is_api or not wants_account(route.access) or route.name in HARMLESS:
            continue
        answer = ask(body, service, route, cookie=token)
        assert answer.location.startswith("/registration/session/renew?next="), route.name
        assert answer.status_code == (303 if route.method == "GET" else 307), route.name
    forget_generations(body)


def deactivate(body: Body, thief: UUID, colleague: UUID, _: dict[str, str]) -> None:
    path = f"{API}/accounts/{thief}/deactivation"
    assert registration(body).post(path, json={}, headers=sign_in(body, colleague)).status_code == 200


def take_the_role(body: Body, thief: UUID, colleague: UUID, _: dict[str, str]) -> None:
    path, roles = f"{API}/accounts/{thief}/roles", {"roles": ["auditor"]}
    assert registration(body).put(path, json=roles, headers=sign_in(body, colleague)).status_code == 200


def change_the_password(body: Body, _thief: UUID, _colleague: UUID, own: dict[str, str]) -> None:
    new = {"current": PASSWORD, "new": "sandi contoh yang lain sama sekali"}
    assert registration(body).post(f"{API}/me/password", json=new, headers=own).status_code == 204


def sign_out(body: Body, _thief: UUID, _colleague: UUID, own: dict[str, str]) -> None:
    assert registration(body).post(f"{API}/me/sign-out", headers=own).status_code == 204


@pytest.mark.parametrize("end", [deactivate, take_the_role, change_the_password, sign_out])
def test_a_stolen_token_of_an_administrator_opens_no_back_door(
    body: Body, administrators: tuple[UUID, UUID], end: Callable[[Body, UUID, UUID, dict[str, str]], None]
) -> None:
    """This failure mode means: shut out, the thief reactivates the account, opens another, shuts out a colleague."""
    thief, colleague = administrators
    stolen = sign_in(body, thief)
    end(body, thief, colleague, stolen)
    body.settle()
    client = registration(body)
    door = {"name": "PINTU BELAKANG", "email": f"{uuid4().hex[:12]}@contoh.test", "roles": ["administrator"]}
    tries = [
        client.post(f"{API}/accounts/{thief}/reactivation", json={}, headers=stolen),
        client.post(f"{API}/accounts", json=door, headers=stolen),
        client.post(f"{API}/accounts/{colleague}/deactivation", json={}, headers=stolen),
        client.put(f"{API}/accounts/{colleague}/roles", json={"roles": ["auditor"]}, headers=stolen),
        client.get(f"{API}/accounts", headers=stolen),
        body.services["certificate"].app.test_client().get("/certificate/api/agencies", headers=stolen),
    ]
    assert [answer.status_code for answer in tries] == [GONE] * len(tries)
    assert is_active(body, thief) is (end is not deactivate)
    assert is_active(body, colleague)


def test_a_token_from_before_a_deactivation_does_not_live_again_afterwards(
    body: Body, administrators: tuple[UUID, UUID]
) -> None:
    thief, colleague = administrators
    stolen = sign_in(body, thief)
    path = f"{API}/accounts/{thief}"
    rightful = sign_in(body, colleague)
    assert registration(body).post(f"{path}/deactivation", json={}, headers=rightful).status_code == 200
    assert registration(body).post(f"{path}/reactivation", json={}, headers=rightful).status_code == 200
    assert registration(body).get(f"{API}/me", headers=stolen).status_code == GONE
    assert registration(body).get(f"{API}/me", headers=sign_in(body, thief)).status_code == 200


def test_signing_out_in_a_browser_ends_the_token_that_was_copied_from_it(body: Body) -> None:
    account_id = open_account(body, Role.CHAIR)
    with body.services["registration"].database.reading() as session:
        address = session.get_one(Account, account_id).email
    browser = registration(body)
    page = browser.get("/registration/sign-in").text
    secret = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.post("/registration/sign-in", data={"email": address, "password": PASSWORD, "csrf_token": secret})
    cookie = browser.get_cookie(TOKEN_COOKIE)
    assert cookie is not None
    copied = {"Authorization": f"Bearer {cookie.value}"}
    decision = body.services["decision"].app.test_client()
    assert decision.get("/decision/api/meetings", headers=copied).status_code == 200
    page = browser.get("/registration/account").text
    secret = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert browser.post("/registration/sign-out", data={"csrf_token": secret}).status_code == 303
    body.settle()
    decision = body.services["decision"].app.test_client()
    assert decision.post("/decision/api/meetings", json={}, headers=copied).status_code == GONE
    forget_generations(body)


def test_a_keeper_without_an_account_keeps_none(body: Body) -> None:
    """A token that is signed and names nobody: the act asks the account itself."""
    nobody = bearer(person(Role.ADMINISTRATOR))
    wanted = {"name": "ORANG CONTOH", "email": f"{uuid4().hex[:12]}@contoh.test", "roles": ["auditor"]}
    assert registration(body).post(f"{API}/accounts", json=wanted, headers=nobody).status_code == GONE
