"""The administrator's list, and the letterbox of a trial system."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from services.notification import commands
from services.notification.domain import State
from services.notification.jobs import jobs
from services.notification.models import Mail
from shared.audit import AuditRow
from shared.clock import real_now
from shared.contracts.registration import ApplicationAdmitted, PasswordResetRequested
from shared.database.unit import Database
from shared.messaging.models import JobRow
from shared.security import tokens
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.decision.asking import sign_in
from tests.unit.notification.samples import PERSON, account, hear, mails, sample

ADMIN = Actor(UUID(int=90), "Admin Contoh", "admin@contoh.test", frozenset({Role.ADMINISTRATOR}))
HOLDER = Actor(PERSON, "Siti Contoh", "siti@contoh.test", frozenset({Role.APPLICANT}))
STRANGER = Actor(UUID(int=91), "Tono Contoh", "tono@contoh.test", frozenset({Role.APPLICANT}))


def ask(client: FlaskClient, actor: Actor, path: str, method: str = "GET", **given: Any) -> Any:
    bearer = {"Authorization": f"Bearer {tokens.issue_token(actor, 'id').value}"}
    return client.open(f"/notification{path}", method=method, headers=bearer, **given)


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
    hear(told, sample(PasswordResetRequested, expires_at=real_now() + timedelta(hours=1)))
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


def fail(database: Database, **values: Any) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Mail).values(state=State.FAILED, error="MailAway: refused", **values))
        session.execute(update(JobRow).values(state="done"))


def test_failed_mails_are_counted_and_sent_again_in_bulk_with_one_line_in_the_log(
    client: FlaskClient, told: Database
) -> None:
    fail(told)
    counted = ask(client, ADMIN, "/api/mails/send-again", "POST", json={"dry_run": True}).json
    assert counted == {"count": 0, "left": 2}
    chosen = ask(client, ADMIN, "/api/mails/send-again", "POST", json={"letter": "account_opened"}).json
    assert chosen == {"count": 1, "left": 0}
    assert ask(client, ADMIN, "/api/mails/send-again", "POST", json={}).json == {"count": 1, "left": 0}
    assert ask(client, ADMIN, "/api/mails/send-again", "POST", json={}).json == {"count": 0, "left": 0}
    jobs.run_due(told)
    assert {(mail.state, mail.sending) for mail in mails(told)} == {(State.SENT, 2)}
    with told.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "mail:send-failed-again")).all()
    assert [row.after for row in rows] == [
        {"letter": "account_opened", "searched": False, "count": 1},
        {"letter": "", "searched": False, "count": 1},
    ]


def test_a_bulk_is_bounded(client: FlaskClient, told: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "BULK", 1)
    fail(told)
    assert ask(client, ADMIN, "/api/mails/send-again", "POST", json={}).json == {"count": 1, "left": 1}


def test_expired_and_erased_mails_are_left_out_of_the_bulk(client: FlaskClient, told: Database) -> None:
    fail(told, expires_at=real_now())
    assert ask(client, ADMIN, "/api/mails/send-again", "POST", json={"dry_run": True}).json["left"] == 0
    [mail] = mails(told, "application_admitted")
    assert ask(client, ADMIN, f"/api/mails/{mail.id}/send-again", "POST").json["code"] == "mail-expired"
    fail(told, expires_at=None, secret=True, text="")
    assert ask(client, ADMIN, "/api/mails/send-again", "POST", json={"dry_run": True}).json["left"] == 0


def test_the_page_says_that_mails_wait_and_since_when(client: FlaskClient, told: Database) -> None:
    assert "Server surel tidak dapat" not in ask(client, ADMIN, "/mails").text
    since = real_now() - timedelta(hours=2)
    with told.unit_of_work() as session:
        session.execute(update(Mail).values(waiting_since=since, error="MailAway: refused"))
    assert "2 surel menunggu sejak" in ask(client, ADMIN, "/mails").text
    waiting = ask(client, ADMIN, "/api/mails/waiting").json
    assert (waiting["count"], waiting["give_up_days"]) == (2, 5)
    assert datetime.fromisoformat(waiting["since"]) == since


def test_the_page_of_failed_mails_sends_those_of_its_filter_again(client: FlaskClient, told: Database) -> None:
    fail(told)
    csrf = sign_in(client, ADMIN)
    page = client.get("/notification/mails?status=failed&letter=account_opened")
    assert "Kirim lagi semua yang gagal (1)" in page.text
    answer = client.post("/notification/mails/send-again?letter=account_opened", data={"csrf_token": csrf})
    assert answer.status_code == 303
    assert "1 surel akan dikirim lagi, 0 masih tersisa." in client.get(answer.location).text
    assert {mail.state for mail in mails(told, "account_opened")} == {State.QUEUED}
    assert {mail.state for mail in mails(told, "application_admitted")} == {State.FAILED}
