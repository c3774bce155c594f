"""What programs meet: tokens, strict JSON, problems that name the field."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.security.roles import Role
from tests.unit.web.conftest import bearer, person

NOTE = {"title": "BUKU", "born": "2026-11-23"}
ALSO = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_note_is_written_and_read_back_by_its_owner_alone(client: FlaskClient) -> None:
    siti = bearer(person())
    made = client.post("/tiny/api/notes", json=NOTE, headers=siti)
    assert made.status_code == 201
    path = f"/tiny/api/notes/{made.get_json()['id']}"
    assert client.get(path, headers=siti).json == made.json
    assert client.get(path, headers=bearer(person())).status_code == 404
    assert client.get(path, headers=bearer(person(Role.CHAIR))).status_code == 404


def test_without_a_token_the_api_answers_401_as_a_problem(client: FlaskClient) -> None:
    answer = client.get("/tiny/api/notes")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "not-signed-in"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer \u00e9"])
def test_a_broken_authorization_header_is_refused(client: FlaskClient, header: str) -> None:
    assert client.get("/tiny/api/notes", headers={"Authorization": header}).status_code == 401


def test_a_role_that_is_not_named_is_refused(client: FlaskClient) -> None:
    answer = client.post("/tiny/api/notes", json=NOTE, headers=bearer(person(Role.ASSESSOR)))
    assert answer.status_code == 403


def test_a_view_that_names_nobody_refuses_everybody(client: FlaskClient) -> None:
    everything = bearer(person(*Role))
    assert client.post("/tiny/api/forgotten", headers=everything).status_code == 403


def test_each_wrong_field_is_named_with_what_to_do(client: FlaskClient) -> None:
    answer = client.post(
        "/tiny/api/notes",
        json={"title": "kecil", "born": "2026-02-30", "pages": 0, "work": [{"since": "kemarin"}]},
        headers=bearer(person()),
    )
    assert answer.status_code == 422
    told = {error["field"]: error["message"] for error in answer.get_json()["errors"]}
    assert told == {
        "title": "Tulis dengan huruf besar.",
        "born": "Isi dengan tanggal yang ada, bentuk TTTT-BB-HH, misalnya 2026-11-23.",
        "pages": "Isi dengan angka 1 atau lebih.",
        "work.0.employer": "Wajib diisi.",
        "work.0.since": "Isi dengan tanggal yang ada, bentuk TTTT-BB-HH, misalnya 2026-11-23.",
    }


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b"[" * 5000, "application/json", 422),
        (b"null", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b'{"title": "A\\u0000B", "born": "2026-11-23"}', "application/json", 422),
        (b'{"title": "A", "born": "2026-11-23", "pages": 99999999999999999999}', "application/json", 422),
        (b'{"title": "A", "born": "2026-11-23", "pages": 1e400}', "application/json", 422),
        (b"title=A", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_no_body_makes_a_server_error(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/tiny/api/notes", data=body, content_type=kind, headers=bearer(person()))
    assert answer.status_code == status
    assert answer.get_json()["status"] == status


@ALSO
@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_a_server_error(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/tiny/api/notes", data=body, content_type="application/json", headers=bearer(person()))
    assert answer.status_code in (400, 422)


@ALSO
@given(
    st.dictionaries(st.sampled_from(["title", "born", "pages", "kind", "work"]), st.text() | st.integers() | st.none())
)
def test_no_json_at_all_makes_a_server_error(client: FlaskClient, body: dict[str, object]) -> None:
    assert client.post("/tiny/api/notes", json=body, headers=bearer(person())).status_code < 500


def test_too_deep_json_is_refused(client: FlaskClient) -> None:
    nested: object = "x"
    for _ in range(40):
        nested = [nested]
    answer = client.post("/tiny/api/notes", json={"title": nested}, headers=bearer(person()))
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "too-much"


def test_too_large_a_body_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/tiny/api/notes", data=b"x" * (13 * 1024 * 1024), content_type="application/json", headers=bearer(person())
    )
    assert answer.status_code == 413


def test_query_values_that_do_not_fit_are_named(client: FlaskClient) -> None:
    answer = client.get("/tiny/api/notes?size=1000&page=x", headers=bearer(person()))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.get_json()["errors"]} == {"size", "page"}


def test_nul_in_the_address_is_refused(client: FlaskClient) -> None:
    assert client.get("/tiny/api/notes?q=%00", headers=bearer(person())).status_code == 422
    assert client.get("/tiny/api/notes/%00").status_code in (404, 422)


def test_unknown_addresses_and_methods_are_problems_too(client: FlaskClient) -> None:
    assert client.get("/tiny/api/nothing").get_json()["code"] == "not-found"
    answer = client.delete("/tiny/api/notes")
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "POST" in answer.headers["Allow"]


def test_a_record_changed_meanwhile_answers_409(client: FlaskClient) -> None:
    siti = bearer(person())
    made = client.post("/tiny/api/notes", json=NOTE, headers=siti).get_json()
    answer = client.post(f"/tiny/api/notes/{made['id']}/stale", headers=siti)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "changed-meanwhile"


def test_a_value_that_is_taken_answers_409(client: FlaskClient) -> None:
    siti = bearer(person())
    client.post("/tiny/api/notes", json=NOTE, headers=siti)
    answer = client.post("/tiny/api/notes", json=NOTE, headers=siti)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "collision"


def test_an_unexpected_error_tells_nothing_of_the_inside(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.post("/tiny/api/broken", headers={"X-Request-ID": "ask-me-by-this-1"})
    assert answer.status_code == 500
    assert answer.get_json()["correlation_id"] == "ask-me-by-this-1"
    assert "3175012345678901" not in answer.text
    assert "3175012345678901" not in caplog.text
    assert "ask-me-by-this-1" in caplog.text
    assert "RuntimeError" in caplog.text


def test_the_request_id_is_given_back_and_a_strange_one_replaced(client: FlaskClient) -> None:
    assert client.get("/tiny/health", headers={"X-Request-ID": "abcdefgh"}).headers["X-Request-ID"] == "abcdefgh"
    replaced = client.get("/tiny/health", headers={"X-Request-ID": "<script>"}).headers["X-Request-ID"]
    assert len(replaced) == 32


def test_a_delete_by_the_administrator_answers_204(client: FlaskClient) -> None:
    answer = client.delete(f"/tiny/api/notes/{uuid4()}", headers=bearer(person(Role.ADMINISTRATOR)))
    assert (answer.status_code, answer.data) == (204, b"")


def test_lists_come_in_pages(client: FlaskClient) -> None:
    siti = bearer(person())
    for title in ("A", "B", "C"):
        client.post("/tiny/api/notes", json={**NOTE, "title": title}, headers=siti)
    answer = client.get("/tiny/api/notes?size=2&page=2&sort=-title", headers=siti).get_json()
    assert [note["title"] for note in answer["items"]] == ["A"]
    assert (answer["total"], answer["page"], answer["size"]) == (3, 2, 2)


def test_probes_say_that_process_and_database_answer(client: FlaskClient) -> None:
    assert client.get("/tiny/health").json == {"service": "tiny", "status": "ok"}
    assert client.get("/tiny/ready").status_code == 200


def test_an_error_speaks_english_when_asked(client: FlaskClient) -> None:
    answer = client.get("/tiny/api/notes", headers={"Accept-Language": "en"})
    assert answer.get_json()["title"] == "Not signed in"
