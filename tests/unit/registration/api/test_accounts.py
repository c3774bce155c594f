from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from services.registration.jobs import jobs
from services.registration.models import SecondFactor
from shared.contracts import Fact
from shared.contracts.registration import AccountInvited, PasswordResetRequested, RegistrationRequested
from shared.database.unit import Database
from shared.security.roles import Role
from shared.security.tokens import verify_token
from tests.unit.registration.browser import bearer, have_applicant, have_staff
from tests.unit.registration.people import PASSWORD, told_links

API = "/registration/api"
STAFF = {"name": "Asesor (contoh)", "email": "asesor@contoh.test", "roles": ["assessor"], "nik": "3171014101850001"}


@pytest.fixture
def admin(client: FlaskClient, database: Database) -> dict[str, str]:
    have_staff(database, Role.ADMINISTRATOR, email="admin@contoh.test")
    return bearer(client, "admin@contoh.test")


def opened(client: FlaskClient, admin: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/accounts", json=STAFF | changes, headers=admin)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.get_json()
    return made


def mailed_key(database: Database, fact: type[Fact]) -> str:
    jobs.run_due(database)
    with database.reading() as session:
        return told_links(session, fact)[-1].partition("key=")[2]


def test_somebody_opens_an_account_and_gets_a_token(client: FlaskClient, database: Database) -> None:
    asked = client.post(f"{API}/register", json={"name": "Siti (contoh)", "email": "siti@contoh.test"})
    assert (asked.status_code, asked.data) == (202, b"")
    given = {"key": mailed_key(database, RegistrationRequested), "new": PASSWORD}
    answer = client.post(f"{API}/register/confirmation", json=given)
    assert answer.status_code == 201
    assert client.post(f"{API}/register/confirmation", json=given).status_code == 409
    assert answer.get_json()["roles"] == ["applicant"]
    given = client.post(f"{API}/tokens", json={"email": "siti@contoh.test", "password": PASSWORD}).get_json()
    assert verify_token(given["token"]).actor.roles == {Role.APPLICANT}
    assert datetime.fromisoformat(given["expires_at"]) > datetime.now(UTC)


def test_nobody_gives_themselves_a_role(client: FlaskClient) -> None:
    person = {"name": "Siti (contoh)", "email": "siti@contoh.test", "roles": ["administrator"]}
    assert client.post(f"{API}/register", json=person).status_code == 422


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
        ({"password": PASSWORD}, "password"),
        ({"nik": "317101"}, "nik"),
        ({"nik": None}, "nik"),
        ({"roles": []}, "roles"),
        ({"roles": ["auditor", "assessor"]}, "roles"),
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
    assert (made["nik_known"], changed["nik_known"]) == (True, True)
    assert client.put(f"{own}/roles", json=roles, headers=admin).status_code == 409
    closed = client.post(f"{own}/deactivation", json={"version": changed["version"]}, headers=admin)
    assert closed.get_json()["state"] == "deactivated"
    assert client.post(f"{own}/invitation", headers=admin).status_code == 409
    assert client.post(f"{own}/deactivation", json={}, headers=admin).status_code == 409
    assert client.post(f"{own}/reactivation", json={}, headers=admin).get_json()["state"] == "active"
    assert client.get(own, headers=admin).get_json()["state"] == "active"


def test_what_an_act_on_an_account_answers_is_what_its_own_address_shows(
    client: FlaskClient, admin: dict[str, str], database: Database
) -> None:
    """This failure mode means a program that takes somebody with a second factor for one without, and has it reset."""
    own = f"{API}/accounts/{opened(client, admin)['id']}"
    with database.unit_of_work() as session:
        account_id = UUID(own.rpartition("/")[2])
        session.add(SecondFactor(account_id=account_id, secret="A" * 32))
    roles = client.put(f"{own}/roles", json={"roles": ["secretariat"]}, headers=admin).get_json()
    name = client.put(f"{own}/name", json={"name": "Nama Lain"}, headers=admin).get_json()
    assert (roles["second_factor"], name["second_factor"], name["nik_known"]) == (True, True, True)
    assert name == client.get(own, headers=admin).get_json()
    reset = client.post(f"{own}/second-factor/reset", headers=admin).get_json()
    assert (reset["second_factor"], reset["nik_known"]) == (False, True)


def test_whose_account_it_is_is_noted_and_shown_to_nobody(client: FlaskClient, admin: dict[str, str]) -> None:
    own = f"{API}/accounts/{opened(client, admin)['id']}"
    answer = client.put(f"{own}/nik", json={"nik": "3171 0141 0185 0002"}, headers=admin)
    assert (answer.status_code, answer.get_json()["nik_known"]) == (200, True)
    assert "0185" not in answer.text
    assert client.put(f"{own}/nik", json={"nik": "317101"}, headers=admin).status_code == 422
    second = client.post(
        f"{API}/accounts", json=STAFF | {"email": "lain@contoh.test", "nik": "3171014101850002"}, headers=admin
    )
    assert (second.status_code, second.get_json()["code"]) == (409, "person-has-account")


def test_staff_are_invited_again_until_they_have_a_password(
    client: FlaskClient, database: Database, admin: dict[str, str]
) -> None:
    made = opened(client, admin)
    assert made["invited"]
    invitation = f"{API}/accounts/{made['id']}/invitation"
    assert client.post(invitation, headers=admin).status_code == 200
    use = {"key": mailed_key(database, AccountInvited), "new": PASSWORD}
    assert client.post(f"{API}/password-resets/use", json=use).status_code == 204
    bearer(client, "asesor@contoh.test")
    assert client.post(invitation, headers=admin).status_code == 409


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
        opened(
            client,
            admin,
            nik=f"317101410185{number + 1:04d}",
            email=f"asesor{number}@contoh.test",
            name=f"Asesor {'ABC'[number]} (contoh)",
        )
    opened(
        client,
        admin,
        nik="3171014101850009",
        email="ketua_a@contoh.test",
        name="Ketua (contoh)",
        roles=["chair", "assessor"],
    )

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
    use = {"key": mailed_key(database, PasswordResetRequested), "new": "lima kata acak yang baru"}
    assert client.post(f"{API}/password-resets/use", json=use).status_code == 204
    assert client.post(f"{API}/password-resets/use", json=use).status_code == 409
    bearer(client, "siti@contoh.test", use["new"])


def test_the_document_says_who_may_do_what(client: FlaskClient) -> None:
    paths = client.get("/registration/openapi.json").get_json()["paths"]
    assert paths["/registration/api/tokens"]["post"]["x-roles"] == ["anybody"]
    assert paths["/registration/api/accounts"]["post"]["x-roles"] == ["administrator"]
    assert paths["/registration/api/audit"]["get"]["x-roles"] == ["auditor"]
