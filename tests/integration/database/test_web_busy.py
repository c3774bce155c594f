"""A database that is busy, locked or frozen answers 503 with the time to come back, as problem+json and as a page."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

from shared.database.unit import Database
from shared.settings import settings
from tests.integration.database.conftest import DRIVERS, Open
from tests.servers.own_postgres import OwnPostgres
from tests.unit.web.conftest import bearer, person, sign_in
from tests.unit.web.tiny import make_app

LOCK = "LOCK TABLE note IN ACCESS EXCLUSIVE MODE"
NOTE = {"title": "CATATAN", "born": "1990-01-01", "agreed": "true"}


@pytest.fixture(params=DRIVERS)
def database(request: pytest.FixtureRequest, opened: Open, postgres_database: str) -> Database:
    return opened(postgres_database, request.param)


@pytest.fixture
def client(database: Database) -> FlaskClient:
    return make_app(database).test_client()


def said(answer: TestResponse, code: str, retry_after: str) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == retry_after
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["code"] == code


def shown(answer: TestResponse, sentence: str) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.content_type == "text/html; charset=utf-8"
    assert sentence in answer.text
    assert "Traceback" not in answer.text


def test_all_connections_in_use(database: Database, client: FlaskClient) -> None:
    web = database.for_web()
    with web.reading() as one, web.reading() as two:
        one.execute(text("SELECT 1"))
        two.execute(text("SELECT 1"))
        said(client.get("/tiny/api/notes", headers=bearer(person())), "database-busy", "2")
        sign_in(client, person())
        shown(client.get("/tiny/"), "sangat sibuk")
    assert client.get("/tiny/").status_code == 200


def test_the_pool_itself_drained(database: Database, client: FlaskClient) -> None:
    """This failure mode means background work that took all connections, the seats of the web included."""
    held = [database.engine.connect() for _ in range(4)]
    said(client.get("/tiny/api/notes", headers=bearer(person())), "database-busy", "2")
    said(client.get("/tiny/ready", headers={"Accept": "application/json"}), "database-busy", "2")
    for connection in held:
        connection.close()
    assert client.get("/tiny/ready").status_code == 200


def test_a_lock_held_by_another_session(database: Database, client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    with create_engine(database.engine.url, poolclass=NullPool).begin() as holder:
        holder.execute(text(LOCK))
        said(client.post("/tiny/api/notes", json=NOTE, headers=bearer(person())), "database-busy", "2")
        shown(client.get("/tiny/"), "sangat sibuk")
        shown(client.post("/tiny/notes/new", data={**NOTE, "csrf_token": csrf}), "sangat sibuk")
    assert client.post("/tiny/api/notes", json=NOTE, headers=bearer(person())).status_code == 201


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_frozen_server(own_postgres: OwnPostgres, opened: Open, driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.database.connections.ANSWER_MARGIN_SECONDS", 0.5)
    monkeypatch.setattr("shared.database.connections.CONNECT_SECONDS", 2)
    monkeypatch.setattr("shared.database.connections.BoundedConnection.answer_seconds", 2.0)
    client = make_app(opened(own_postgres.fresh(), driver)).test_client()
    sign_in(client, person())
    assert client.get("/tiny/").status_code == 200
    own_postgres.pause()
    shown(client.get("/tiny/"), "tidak dapat menjangkau")
    said(client.get("/tiny/api/notes", headers=bearer(person())), "database-away", "5")
    own_postgres.resume()
    assert client.get("/tiny/").status_code == 200


@pytest.mark.timeout(120)
@pytest.mark.parametrize("driver", DRIVERS)
def test_the_web_waits_for_a_frozen_server_much_shorter_than_background_work(
    own_postgres: OwnPostgres,
    opened: Open,
    driver: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """This failure mode means pages that hang half a minute, and probes that get no answer in their five seconds."""
    monkeypatch.setenv("KOMPETEN_DATABASE_STATEMENT_SECONDS", "20")
    settings.cache_clear()
    database = opened(own_postgres.fresh(), driver)
    client = make_app(database).test_client()
    sign_in(client, person())
    assert client.get("/tiny/").status_code == client.get("/tiny/ready").status_code == 200
    with database.reading() as one, database.reading() as two:  # a connection for each that asks below
        one.execute(text("SELECT 1"))
        two.execute(text("SELECT 1"))
    own_postgres.pause()
    try:
        caplog.set_level(logging.WARNING)
        asks_within(client, "/tiny/ready", 15)  # on a connection that was good
        asks_within(client, "/tiny/", 40)
        asks_within(client, "/tiny/ready", 15)  # this one has to connect
    finally:
        own_postgres.resume()
    said = [record for record in caplog.records if record.name == "shared.web.problems"]
    assert [record.levelname for record in said] == ["WARNING", "ERROR", "WARNING"]
    assert "\n" not in said[0].getMessage()
    assert client.get("/tiny/ready").status_code == 200


def asks_within(client: FlaskClient, path: str, seconds: float) -> None:
    """It is refused, and waited for no longer than this: a multiple of its own limit, below that of a statement."""
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(client.get, path).result(seconds).status_code == 503
