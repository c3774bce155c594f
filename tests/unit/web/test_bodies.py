"""What a stranger sends is counted before anything walks it: bytes, JSON values, depth, fields, parameters."""

import io
import json
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient
from pydantic_core import from_json

from shared.errors import Invalid
from shared.web import App
from shared.web.bodies import DEPTH, FIELDS, FORM, JSON, KIB, PARAMETERS, VALUES, refuse_heavy_json
from tests.unit.web.conftest import bearer, person, sign_in

NOTES = "/tiny/api/notes"


class Read(io.RawIOBase):
    """A body that tells how much of it was read."""

    def __init__(self, length: int) -> None:
        self.left, self.taken = length, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = min(len(buffer), self.left)
        buffer[:size] = b" " * size
        self.left -= size
        self.taken += size
        return size


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The JSON texts that were decoded."""
    seen: list[bytes] = []

    def decode(text: bytes, **options: Any) -> Any:
        seen.append(text)
        return from_json(text, **options)

    monkeypatch.setattr("shared.web.requests.pydantic_core.from_json", decode)
    return seen


def test_a_body_larger_than_its_view_takes_is_refused_unread(client: FlaskClient) -> None:
    body = Read(JSON.bytes + 1)
    answer = client.post(
        NOTES,
        content_length=JSON.bytes + 1,
        content_type="application/json",
        headers=bearer(person()),
        environ_overrides={"wsgi.input": body},
    )
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"
    assert "256 kB" in answer.get_json()["detail"]
    assert body.taken == 0


def test_a_body_without_a_length_is_read_no_further_than_its_view_takes(client: FlaskClient) -> None:
    body = Read(100 * JSON.bytes)
    chunked = {"Transfer-Encoding": "chunked", **bearer(person())}
    answer = client.post(
        NOTES,
        content_type="application/json",
        headers=chunked,
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert body.taken <= JSON.bytes + 64 * KIB


@pytest.mark.parametrize(
    "text",
    [
        b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1),
        b'{"a":' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 1),
        b"[" * 100_000,
        b"[" + b"[]," * VALUES + b"[]]",
        b"[" + b"{}," * VALUES + b"{}]",
        b"[" + b"1," * (2 * VALUES) + b"1]",
    ],
    ids=["deep lists", "deep objects", "open lists", "lists", "objects", "numbers"],
)
def test_json_that_is_much_to_walk_is_refused_before_it_is_decoded(
    client: FlaskClient, walked: list[bytes], text: bytes
) -> None:
    answer = client.post(NOTES, data=text, content_type="application/json", headers=bearer(person()))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert walked == []


def test_brackets_and_commas_inside_texts_are_no_values() -> None:
    text = json.dumps({"a": "[{,]}" * 30_000, "b": '\\"' * 100, '"[': [1, 2]})
    refuse_heavy_json(text.encode(), 10)


QUOTES = [b'"' * JSON.bytes, b'"\\' * (JSON.bytes // 2), b'"' + b"\\" * JSON.bytes, b'"",' * 80_000]


@pytest.mark.parametrize("text", QUOTES, ids=["open", "escaped", "backslashes", "empty"])
def test_quotes_that_never_end_are_counted_in_one_pass(text: bytes) -> None:
    """This failure mode means that the count is itself a bomb: what begins at every quote anew never comes back."""
    if text.count(b",") > 2 * VALUES:
        with pytest.raises(Invalid):
            refuse_heavy_json(text, VALUES)
    else:
        refuse_heavy_json(text, VALUES)


def test_a_form_of_too_many_fields_is_refused(client: FlaskClient) -> None:
    sign_in(client, person())
    answer = client.post("/tiny/notes/new", data="&".join("a=" for _ in range(FIELDS + 1)), content_type=FORM_TYPE)
    assert answer.status_code == 422
    assert "terlalu banyak isian" in answer.text


def test_a_form_larger_than_forms_are_is_a_page_that_says_how_large(client: FlaskClient) -> None:
    sign_in(client, person())
    answer = client.post("/tiny/notes/new", data=b"a=" + b"b" * FORM.bytes, content_type=FORM_TYPE)
    assert answer.status_code == 413
    assert "512 kB" in answer.text


def test_a_form_of_too_many_parts_is_refused(client: FlaskClient) -> None:
    sign_in(client, person())
    fields = {f"a{at}": "" for at in range(FIELDS + 1)}
    answer = client.post("/tiny/notes/new", data={"f": (io.BytesIO(b"x"), "f"), **fields})
    assert answer.status_code == 413


def test_a_query_of_too_many_parameters_is_refused(client: FlaskClient) -> None:
    answer = client.get("/tiny/list.csv?" + "&".join("a=" for _ in range(PARAMETERS + 1)))
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/tiny/list.csv", "/tiny/no/such/page", "/tiny/static/site.css"])
def test_where_nothing_is_asked_for_little_is_taken(client: FlaskClient, path: str) -> None:
    assert client.get(path, data=b"x" * 17 * KIB).status_code == 413


def test_a_refusal_names_the_first_wrong_fields_alone(client: FlaskClient) -> None:
    """A sentence for each of thousands of wrong rows is work that nobody reads."""
    answer = client.post(
        NOTES,
        json={"title": "A", "born": "2026-01-01", "work": [{}] * 3000},
        headers=bearer(person()),
    )
    assert answer.status_code == 422
    assert len(answer.get_json()["errors"]) <= 100


def test_who_may_not_use_a_view_has_its_body_read_by_nobody(app: App) -> None:
    body = Read(100)
    answer = app.test_client().post(
        NOTES, content_length=100, content_type="application/json", environ_overrides={"wsgi.input": body}
    )
    assert answer.status_code == 401
    assert body.taken == 0


def test_a_json_body_is_not_parsed_as_a_form(app: App) -> None:
    with app.test_request_context(NOTES, method="POST", data="a&" * 10, content_type="application/json"):
        assert not request.form


FORM_TYPE = "application/x-www-form-urlencoded"
