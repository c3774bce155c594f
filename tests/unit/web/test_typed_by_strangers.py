"""What strangers do with the memory for what was typed: fill it, sign what they like, have it keep what is secret."""

import base64
import hmac
import json
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.database.unit import Database
from shared.security.actor import Actor
from shared.web import Form, kept_forms
from shared.web.form_state import COOKIE
from tests.unit.web.conftest import person, sign_in
from tests.unit.web.test_typed import STATE, count_kept, open_form, read_hidden
from tests.unit.web.tiny import WriteNote

SECRET = "0123456789" * 5
"""Whoever attacks makes up the secret of a browser, and signs with it what he likes."""


@pytest.fixture
def siti() -> Actor:
    return person()


def forge_state(client: FlaskClient, packed: Any) -> str:
    client.set_cookie(COOKIE, SECRET)
    body = base64.urlsafe_b64encode(json.dumps(packed).encode()).decode()
    key = hmac.digest(SECRET.encode(), b"kompeten form state", "sha256")
    return f"{body}.{hmac.digest(key, body.encode(), 'sha256').hex()}"


def send_forged(client: FlaskClient, packed: Any, then: str = "", **typed: str) -> TestResponse:
    client.get("/tiny/sign")
    form = read_hidden(client.get("/tiny/sign")) | {"form_state": forge_state(client, packed)}
    return client.post("/tiny/typed", data={**form, **typed, "_then": then})


def test_a_stranger_does_not_fill_the_database_with_made_up_forms(
    client: FlaskClient, siti: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_forms, "NEW_FORMS_OF_STRANGERS", "3/hour")
    for place in range(6):
        send_forged(client, [str(siti.id), f"/tiny/made-up/{place}", "/tiny", [], {}], title="X" * 1000)
    assert count_kept(database) == 3
    send_forged(client, [str(siti.id), "/tiny/made-up/0", "/tiny", [], {}], title="THE LATEST OF ONE THAT IS KEPT")
    assert count_kept(database) == 3


def test_an_account_does_not_either(
    client: FlaskClient, siti: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_forms, "NEW_FORMS", "3/hour")
    sign_in(client, siti)
    for place in range(6):
        send_forged(client, [str(siti.id), f"/tiny/made-up/{place}", "/tiny", [], {}], title="X")
    assert count_kept(database) == 3


def test_what_is_longer_than_any_form_is_not_kept(client: FlaskClient, siti: Actor, database: Database) -> None:
    form = open_form(client, siti)
    client.post("/tiny/typed", data={**form, "title": "X" * 300_000})
    assert count_kept(database) == 0


@pytest.mark.parametrize(
    "packed",
    [5, [1], ["", 5, "/tiny", [], {}], ["", "/tiny", "/tiny", 5, {}], ["", "/tiny", "/tiny", [], 5], "/tiny"],
    ids=str,
)
def test_a_state_of_another_shape_is_none(client: FlaskClient, packed: Any, database: Database) -> None:
    assert send_forged(client, packed, "en", title="X").status_code == 303
    assert count_kept(database) == 0


@pytest.mark.parametrize("page", ["//evil.test/", "https://evil.test/", "/\\evil.test"])
@pytest.mark.parametrize("then", ["en", "forget"])
def test_a_made_up_page_leads_nowhere_else(client: FlaskClient, page: str, then: str) -> None:
    answer = send_forged(client, ["", page, "/tiny", [], {}], then, title="X")
    assert answer.headers["Location"].startswith("/registration/")


def test_a_code_is_secret_in_a_form_tag_of_no_form(app: Flask) -> None:
    """Where two forms stand on a page, the one that was not refused is drawn around the fields of the other's model."""
    page = """{% from "ui/forms.html" import form_tag, text %}
    {% call form_tag(none) %}{{ text(form, "title", "Kode", autocomplete="one-time-code") }}{% endcall %}"""
    with app.test_request_context("/tiny/notes/new"):
        state = STATE.search(render_template_string(page, form=Form(WriteNote)))
    assert state is not None
    assert json.loads(base64.urlsafe_b64decode(state[1].partition(".")[0]))[3] == ["title"]
