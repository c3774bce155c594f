"""Letters are for who they are written to; the list is the administrator's."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.notification.samples import account, hear, mails
from tests.unit.notification.test_api import HOLDER, STRANGER, ask


@pytest.mark.parametrize("role", sorted(Role))
def test_only_the_administrator_lists_and_sends_again(client: FlaskClient, database: Database, role: Role) -> None:
    hear(database, account())
    [mail] = mails(database)
    somebody = Actor(UUID(int=50), "Orang Contoh", "orang@contoh.test", frozenset({role}))
    refused = role is not Role.ADMINISTRATOR
    for path in ("/api/mails", "/api/mails/waiting", f"/api/mails/{mail.id}", "/mails", f"/mails/{mail.id}"):
        assert (ask(client, somebody, path).status_code == 403) == refused
    assert (ask(client, somebody, f"/api/mails/{mail.id}/send-again", "POST").status_code == 403) == refused
    assert (ask(client, somebody, "/api/mails/send-again", "POST", json={}).status_code == 403) == refused
    assert (ask(client, somebody, "/mails/send-again", "POST").status_code == 403) == refused


def test_outside_a_trial_nobody_reads_mails_on_a_page(client: FlaskClient, database: Database) -> None:
    hear(database, account())
    [mail] = mails(database)
    for path in ("/api/inbox", "/inbox", f"/inbox/{mail.id}"):
        assert ask(client, HOLDER, path).status_code == 404


@pytest.mark.usefixtures("trial")
def test_somebody_elses_letter_is_not_found(client: FlaskClient, database: Database) -> None:
    hear(database, account())
    [mail] = mails(database)
    assert ask(client, STRANGER, f"/inbox/{mail.id}").status_code == 404


def test_without_a_token_nothing_is_shown(client: FlaskClient) -> None:
    for path in ("/notification/api/mails", "/notification/api/inbox"):
        assert client.get(path).status_code == 401
