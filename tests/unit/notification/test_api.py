"""The administrator's list, and the letterbox of a trial system."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.notification.domain import State
from services.notification.jobs import jobs
from shared.contracts.registration import ApplicationAdmitted, PasswordResetRequested
from shared.database.unit import Database
from shared.security import tokens
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.notification.samples import PERSON, account, hear, mails, sample

ADMIN = Actor(UUID(int=90), "Admin Contoh", "admin@contoh.test", frozenset({Role.ADMINISTRATOR}))
HOLDER = Actor(PERSON, "Siti Contoh", "siti@contoh.test", frozenset({Role.APPLICANT}))
STRANGER = Actor(UUID(int=91), "Tono Contoh", "tono@contoh.test", frozenset({Role.APPLICANT}))


def ask(client: FlaskClient, actor: Actor, path: str, method: str = "GET") -> Any:
    bearer = {"Authorization": f"Bearer {tokens.issue_token(actor, 'id').value}"}
    return client.open(f"/notification{path}", method=method, headers=bearer)


@pytest.fixture
def told(database: Database) -> Database:
    hear(database, account())
    hear(database, sample(ApplicationAdmitted))
    return database


def test_the_administrator_sees_every_mail_with_its_state_but_not_its_text(client: FlaskClient, told: Database) -> None:
    listed = ask(client, ADMIN, "/api/mails").json
    assert (listed["total"], {one["state"] for one in listed["items"]}) == (2, {"queued"})
    assert {one["text"] for one in listed["items"]} == {None}


def test_the_list_is_filtered(client: FlaskClient, told: Database) -> None:
    assert ask(client, ADMIN, "/api/mails?letter=account_opened").json["total"] == 1
    assert ask(client, ADMIN, "/api/mails?status=sent").json["total"] == 0
    assert ask(client, ADMIN, "/api/mails?q=siti1").json["total"] == 2
    assert ask(client, ADMIN, "/api/mails?q=100%25").json["total"] == 0


@pytest.mark.usefixtures("trial")
def test_a_trial_system_shows_the_text(client: FlaskClient, told: Database) -> None:
    [mail] = mails(told, "application_admitted")
    assert "Langkah berikutnya" in ask(client, ADMIN, f"/api/mails/{mail.id}").json["text"]


def test_a_mail_is_sent_again_as_another_one(client: FlaskClient, told: Database) -> None:
    jobs.run_due(told)
    [mail] = mails(told, "application_admitted")
    answer = ask(client, ADMIN, f"/api/mails/{mail.id}/send-again", "POST")
    assert (answer.status_code, answer.json["state"], answer.json["sending"]) == (200, "queued", 2)
    jobs.run_due(told)
    assert mails(told, "application_admitted")[0].state is State.SENT


def test_a_mail_that_waits_is_not_sent_beside_itself(client: FlaskClient, told: Database) -> None:
    [mail] = mails(told, "application_admitted")
    answer = ask(client, ADMIN, f"/api/mails/{mail.id}/send-again", "POST")
    assert (answer.status_code, answer.json["code"]) == (409, "mail-queued")


def test_an_erased_mail_cannot_be_sent_again(client: FlaskClient, told: Database) -> None:
    hear(told, sample(PasswordResetRequested))
    jobs.run_due(told)
    [mail] = mails(told, "password_reset_requested")
    answer = ask(client, ADMIN, f"/api/mails/{mail.id}/send-again", "POST")
    assert (answer.status_code, answer.json["code"]) == (409, "mail-erased")


def test_an_unknown_mail_is_not_found(client: FlaskClient, told: Database) -> None:
    assert ask(client, ADMIN, f"/api/mails/{PERSON}").status_code == 404
    assert ask(client, ADMIN, f"/api/mails/{PERSON}/send-again", "POST").status_code == 404


@pytest.mark.usefixtures("trial")
def test_everybody_reads_the_own_mails_on_a_trial_system(client: FlaskClient, told: Database) -> None:
    assert ask(client, HOLDER, "/api/inbox").json["total"] == 2
    assert ask(client, STRANGER, "/api/inbox").json["total"] == 0
    [mail] = mails(told, "application_admitted")
    page = ask(client, HOLDER, f"/inbox/{mail.id}")
    assert "Langkah berikutnya" in page.text
    assert ask(client, HOLDER, "/inbox").status_code == 200


def test_pages_list_and_show_mails_to_the_administrator(client: FlaskClient, told: Database) -> None:
    [mail] = mails(told, "application_admitted")
    assert mail.title in ask(client, ADMIN, "/mails").text
    assert "hanya ditampilkan pada sistem percobaan" in ask(client, ADMIN, f"/mails/{mail.id}").text
    assert ask(client, ADMIN, "/").headers["Location"].endswith("/notification/mails")
