from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.security.roles import Role
from shared.security.tokens import verify_token
from tests.unit.registration.browser import bearer, have_applicant, have_staff
from tests.unit.registration.people import PASSWORD, told_link

API = "/registration/api"
STAFF = {"name": "Asesor (contoh)", "email": "asesor@contoh.test", "roles": ["assessor"], "password": PASSWORD}


@pytest.fixture
def admin(client: FlaskClient, database: Database) -> dict[str, str]:
    have_staff(database, Role.ADMINISTRATOR, email="admin@contoh.test")
    return bearer(client, "admin@contoh.test")


def opened(client: FlaskClient, admin: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/accounts", json=STAFF | changes, headers=admin)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.get_json()
    return made


def test_somebody_opens_an_account_and_gets_a_token(client: FlaskClient) -> None:
    person = {"name": "Siti (contoh)", "email": "siti@contoh.test", "password": PASSWORD}
    answer = client.post(f"{API}/register", json=person)
    assert answer.status_code == 201
    assert answer.get_json()["roles"] == ["applicant"]
    given = client.post(f"{API}/tokens", json={"email": "siti@contoh.test", "password": PASSWORD}).get_json()
    assert verify_token(given["token"]).actor.roles == {Role.APPLICANT}
    assert datetime.fromisoformat(given["expires_at"]) > datetime.now(UTC)


def test_nobody_gives_themselves_a_role(client: FlaskClient) -> None:
    person = {"name": "Siti (contoh)", "email": "siti@contoh.test", "password": PASSWORD, "roles": ["administrator"]}
    assert client.post(f"{API}/register", json=person).get_json()["roles"] == ["applicant"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    answers = [
        client.post(f"{API}/tokens", json={"email": email, "password": "salah sekali"})
        for email in ("siti@contoh.test", "nobody@contoh.test")
    ]
    told_both = [{**answer.get_json(), "correlation_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert told_both[0] == told_both[1]
    assert told_both[0]["code"] == "sign-in-failed"


def test_too_many_failures_say_how_long_to_wait(client: FlaskClient) -> None:
    for _ in range(10):
        client.post(f"{API}/tokens", json={"email": "siti@contoh.test", "password": "salah"})
    answer = client.post(f"{API}/tokens", json={"email": "siti@contoh.test", "password": "salah"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "asesor"}, "email"),
        ({"email": None}, "email"),
        ({"name": "<b>"}, "name"),
        ({"name": ""}, "name"),
        ({"password": "pendek"}, "password"),
        ({"roles": []}, "roles"),
        ({"roles": ["emperor"]}, "roles.0"),
        ({"language": "fr"}, "language"),
    ],
)
def test_input_that_does_not_fit_names_the_field(
    client: FlaskClient, admin: dict[str, str], change: dict[str, Any], field: str
) -> None:
    answer = client.post(f"{API}/accounts", json=STAFF | change, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]
    assert client.get(f"{API}/accounts", headers=admin).get_json()["total"] == 1


def test_the_administrator_opens_changes_and_closes_an_account(client: FlaskClient, admin: dict[str, str]) -> None:
    made = opened(client, admin)
    own = f"{API}/accounts/{made['id']}"
    roles = {"roles": ["assessor", "secretariat"], "version": made["version"]}
    changed = client.put(f"{own}/roles", json=roles, headers=admin).get_json()
    assert changed["roles"] == ["assessor", "secretariat"]
    assert client.put(f"{own}/roles", json=roles, headers=admin).status_code == 409
    closed = client.post(f"{own}/deactivation", json={"version": changed["version"]}, headers=admin)
    assert closed.get_json()["state"] == "deactivated"
    assert client.post(f"{API}/tokens", json={"email": STAFF["email"], "password": PASSWORD}).status_code == 401
    assert client.post(f"{own}/deactivation", json={}, headers=admin).status_code == 409
    assert client.post(f"{own}/reactivation", json={}, headers=admin).get_json()["state"] == "active"
    assert client.get(own, headers=admin).get_json()["state"] == "active"
    bearer(client, "asesor@contoh.test")


def test_an_address_that_is_taken_is_refused(client: FlaskClient, admin: dict[str, str]) -> None:
    opened(client, admin)
    answer = client.post(f"{API}/accounts", json=STAFF, headers=admin)
    assert answer.status_code == 409
    assert answer.get_json()["errors"][0]["field"] == "email"


def test_the_last_administrator_stays(client: FlaskClient, admin: dict[str, str]) -> None:
    own = client.get(f"{API}/me", headers=admin).get_json()["id"]
    answer = client.put(f"{API}/accounts/{own}/roles", json={"roles": ["auditor"]}, headers=admin)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "last-administrator")


def test_the_list_is_filtered_sorted_and_paged(client: FlaskClient, admin: dict[str, str]) -> None:
    for number in range(3):
        opened(client, admin, email=f"asesor{number}@contoh.test", name=f"Asesor {'ABC'[number]} (contoh)")
    opened(client, admin, email="ketua_a@contoh.test", name="Ketua (contoh)", roles=["chair", "assessor"])

    def emails(**query: Any) -> list[str]:
        found = client.get(f"{API}/accounts", query_string=query, headers=admin).get_json()
        return [item["email"].partition("@")[0] for item in found["items"]]

    assert emails(role="assessor", sort="-email") == ["ketua_a", "asesor2", "asesor1", "asesor0"]
    assert emails(role="assessor", sort="email", size=3, page=2) == ["ketua_a"]
    assert emails(q="Asesor B") == ["asesor1"]
    assert emails(q="a_a") == ["ketua_a"]
    assert emails(status="deactivated") == []
    assert emails(role="emperor") == []


def test_an_unknown_account_is_not_found(client: FlaskClient, admin: dict[str, str]) -> None:
    for path in ("", "/roles", "/deactivation", "/reactivation"):
        target = f"{API}/accounts/{uuid4()}{path}"
        answer = client.get(target, headers=admin) if not path else None
        if path == "/roles":
            answer = client.put(target, json={"roles": ["auditor"]}, headers=admin)
        elif path:
            answer = client.post(target, json={}, headers=admin)
        assert answer is not None
        assert answer.status_code == 404


def test_one_changes_ones_own_name_language_and_password(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    me = bearer(client, "siti@contoh.test")
    changed = client.put(f"{API}/me", json={"name": "Siti Baru (contoh)", "language": "en"}, headers=me)
    assert changed.get_json()["name"] == "Siti Baru (contoh)"
    new = {"current": PASSWORD, "new": "lima kata acak yang baru"}
    assert client.post(f"{API}/me/password", json=new, headers=me).status_code == 204
    assert client.post(f"{API}/me/password", json=new, headers=me).status_code == 401
    me = bearer(client, "siti@contoh.test", new["new"])
    wrong = client.post(f"{API}/me/password", json=new, headers=me)
    assert wrong.status_code == 422
    assert wrong.get_json()["errors"][0]["field"] == "current"


def test_a_reset_is_asked_without_telling_who_has_an_account(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    answers = [
        client.post(f"{API}/password-resets", json={"email": email}) for email in ("siti@contoh.test", "x@contoh.test")
    ]
    assert [(answer.status_code, answer.data) for answer in answers] == [(202, b""), (202, b"")]
    with database.reading() as session:
        link = told_link(session)
    use = {"key": link.partition("key=")[2], "new": "lima kata acak yang baru"}
    assert client.post(f"{API}/password-resets/use", json=use).status_code == 204
    assert client.post(f"{API}/password-resets/use", json=use).status_code == 409
    bearer(client, "siti@contoh.test", use["new"])


def test_the_document_says_who_may_do_what(client: FlaskClient) -> None:
    paths = client.get("/registration/openapi.json").get_json()["paths"]
    assert paths["/registration/api/tokens"]["post"]["x-roles"] == ["anybody"]
    assert paths["/registration/api/accounts"]["post"]["x-roles"] == ["administrator"]
    assert paths["/registration/api/audit"]["get"]["x-roles"] == ["auditor"]
