"""A token that is signed and young, of an account that has lost authority since."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from shared import clock
from shared.database.unit import Database, DatabaseAway, Why
from shared.security import tokens
from shared.security.actor import Actor
from shared.security.generations import keep_generation
from shared.web import superseded
from tests.unit.web.conftest import person

NOTES = "/tiny/api/notes"


def note() -> dict[str, str]:
    return {"title": f"CATATAN {uuid4().hex.upper()}", "born": "2026-11-23"}


@pytest.fixture
def siti() -> Actor:
    return person()


def bearer(actor: Actor, generation: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_token(actor, 'id', generation=generation).value}"}


def supersede(database: Database, actor: Actor, generation: int) -> None:
    with database.unit_of_work() as session:
        keep_generation(session, actor.id, generation)


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    """The questions for generations that reach the database."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "account_generations" in statement:
            found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def test_a_token_of_an_earlier_generation_changes_nothing(client: FlaskClient, database: Database, siti: Actor) -> None:
    assert client.post(NOTES, json=note(), headers=bearer(siti, 1)).status_code == 201
    supersede(database, siti, 2)
    refused = client.post(NOTES, json=note(), headers=bearer(siti, 1))
    assert (refused.status_code, refused.get_json()["code"]) == (401, "token-superseded")
    assert client.post(NOTES, json=note(), headers=bearer(siti, 2)).status_code == 201
    assert client.post(NOTES, json=note(), headers=bearer(siti, 3)).status_code == 201


def test_it_is_nobody_elses_loss(client: FlaskClient, database: Database, siti: Actor) -> None:
    supersede(database, person(), 9)
    assert client.post(NOTES, json=note(), headers=bearer(siti, 0)).status_code == 201


def test_it_reads_nothing_either_once_an_answer_has_aged(
    client: FlaskClient, database: Database, siti: Actor, asked: list[str]
) -> None:
    begun = datetime.now(UTC)
    with clock.read_from(lambda: begun):
        for _ in range(5):
            assert client.get(NOTES, headers=bearer(siti, 1)).status_code == 200
        assert len(asked) == 1
        supersede(database, siti, 2)
    with clock.read_from(lambda: begun + timedelta(seconds=superseded.FRESH_SECONDS)):
        assert client.get(NOTES, headers=bearer(siti, 1)).status_code == 401


def test_a_browser_is_sent_for_a_new_token(client: FlaskClient, database: Database, siti: Actor) -> None:
    """Its session may well live: another browser of the same person has signed out."""
    supersede(database, siti, 2)
    token = tokens.issue_token(siti, "id", generation=1)
    client.set_cookie("kompeten_token", token.value)
    read = client.get("/tiny/notes/new")
    assert (read.status_code, read.location) == (303, "/registration/session/renew?next=%2Ftiny%2Fnotes%2Fnew")
    sent = client.post("/tiny/notes/new", data={"csrf_token": token.csrf})
    assert sent.status_code == 307


def test_while_the_database_is_away_nothing_is_changed(
    client: FlaskClient, siti: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> int:
        raise DatabaseAway(Why.LOST, "gone")

    monkeypatch.setattr(superseded, "read_generation", lose)
    assert client.post(NOTES, json=note(), headers=bearer(siti, 1)).status_code == 503
    assert client.get(NOTES, headers=bearer(siti, 1)).status_code == 200


def test_what_a_process_remembers_has_an_end(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(superseded, "REMEMBERED", 3)
    known = superseded.Generations(database)
    for _ in range(10):
        known.refuse_superseded(tokens.verify_token(tokens.issue_token(person(), "id").value), changes=False)
    assert len(known._known) <= 3
