from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared import clock
from shared.audit import record_act
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.web import Api, create_app
from shared.web.audit_pages import add_audit_route, make_audit_pages
from tests.unit.web.conftest import bearer, person, sign_in

SITI = Actor(uuid4(), "Siti (contoh)", "siti@contoh.test", frozenset({Role.SECRETARIAT}))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Database]:
    database = Database("tiny", f"sqlite:///{tmp_path / 'log.sqlite3'}")
    SharedBase.metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        for number in range(25):
            record_act(
                session, SITI, "application:file", f"application/{number}", None, {"state": "filed", "round": number}
            )
        record_act(session, SITI, "account:open", "account/1", {"name": "<b>lama</b>"}, {"roles": ["auditor"]})
    yield database
    database.close()


@pytest.fixture
def auditor(log: Database) -> FlaskClient:
    app = create_app("tiny", log, api=add_audit_route(Api("tiny")), pages=[make_audit_pages("tiny")])
    client = app.test_client()
    sign_in(client, person(Role.AUDITOR))
    return client


def subjects(client: FlaskClient, **query: Any) -> list[str]:
    answer = client.get("/tiny/api/audit", query_string=query, headers=bearer(person(Role.AUDITOR)))
    assert answer.status_code == 200, answer.text
    return [item["subject"] for item in answer.get_json()["items"]]


def test_the_latest_act_comes_first(auditor: FlaskClient) -> None:
    assert subjects(auditor, size=2) == ["account/1", "application/24"]


def test_the_log_is_shown_in_pages(auditor: FlaskClient) -> None:
    assert len(subjects(auditor, size=20, page=2)) == 6
    assert "1 sampai 20 dari 26" in auditor.get("/tiny/audit").text


def test_acts_are_found_by_record_action_word_and_day(auditor: FlaskClient) -> None:
    today = clock.today()
    assert subjects(auditor, subject="application/3") == ["application/3"]
    assert subjects(auditor, action="account:") == ["account/1"]
    assert subjects(auditor, q="account/1") == ["account/1"]
    assert len(subjects(auditor, q="siti", size=100)) == 26
    assert len(subjects(auditor, since=today, until=today, size=100)) == 26
    assert subjects(auditor, since=today + timedelta(days=1)) == []
    assert subjects(auditor, until=today - timedelta(days=1)) == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_no_error(auditor: FlaskClient, day: str) -> None:
    assert auditor.get("/tiny/audit", query_string={"since": day, "until": day}).status_code == 200
    subjects(auditor, since=day, until=day)


@pytest.mark.parametrize("day", ["0", "2026", "kemarin", "2026-02-30"])
def test_what_is_no_day_is_refused_and_the_field_named(auditor: FlaskClient, day: str) -> None:
    answer = auditor.get("/tiny/api/audit", query_string={"since": day}, headers=bearer(person(Role.AUDITOR)))
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "since"


def test_what_was_noted_is_shown_as_text(auditor: FlaskClient) -> None:
    shown = auditor.get("/tiny/audit").text
    assert "&lt;b&gt;lama&lt;/b&gt;" in shown
    assert "<b>lama</b>" not in shown
    assert f"{datetime.now(UTC).astimezone(clock.JAKARTA):%H}." in shown


def test_empty_filter_fields_are_taken_as_not_said(auditor: FlaskClient) -> None:
    assert auditor.get("/tiny/audit?q=&subject=&since=&until=").status_code == 200
