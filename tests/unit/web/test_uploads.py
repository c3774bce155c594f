"""Uploads are judged by content and size; downloads never open in place."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.web.conftest import bearer, person

PDF = b"%PDF-1.7\n%contoh\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PATH = "/tiny/api/attachments"


def send(client: FlaskClient, data: bytes, name: str = "surat.pdf", title: str = "Ijazah") -> TestResponse:
    edge = "----contoh"
    body = (
        (
            f'--{edge}\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        + data
        + f"\r\n--{edge}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={edge}"
    return client.post(PATH, data=body, content_type=kind, headers=bearer(person()))


def test_a_document_is_taken_with_the_ending_of_its_content(client: FlaskClient) -> None:
    assert send(client, PNG, "../../foto.pdf.exe").get_json() == {"name": "foto.pdf.png", "title": "Ijazah", "size": 48}


def test_a_title_of_digits_stays_a_text(client: FlaskClient) -> None:
    assert send(client, PDF, title="2024").get_json()["title"] == "2024"


def test_a_pdf_with_bytes_before_its_header_is_taken(client: FlaskClient) -> None:
    assert send(client, b"\n" + PDF).status_code == 201
    assert send(client, bytes(1024) + PDF).get_json()["code"] == "upload-type"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "upload-empty"),
        (b"<html><script>alert(1)</script>", "upload-type"),
        (b"MZ" + bytes(60), "upload-type"),
        (PDF + bytes(5 * 1024 * 1024), "upload-too-large"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(client: FlaskClient, data: bytes, code: str) -> None:
    answer = send(client, data)
    assert answer.status_code == 422
    assert answer.get_json()["code"] == code
    assert answer.get_json()["errors"][0]["field"] == "file"
    assert "{" not in answer.get_json()["errors"][0]["message"]


def test_no_file_at_all_names_the_field(client: FlaskClient) -> None:
    answer = client.post(PATH, data={"title": "x"}, content_type="multipart/form-data", headers=bearer(person()))
    assert [error["field"] for error in answer.get_json()["errors"]] == ["file"]


def test_text_where_a_file_belongs_is_refused(client: FlaskClient) -> None:
    fields = {"title": "x", "file": "text"}
    answer = client.post(PATH, data=fields, content_type="multipart/form-data", headers=bearer(person()))
    assert answer.status_code == 422


def test_json_where_a_form_belongs_is_refused(client: FlaskClient) -> None:
    assert client.post(PATH, json={}, headers=bearer(person())).status_code == 415


def test_a_download_is_an_attachment_that_runs_nothing(client: FlaskClient) -> None:
    path = "/tiny/api/notes/00000000-0000-0000-0000-000000000001/file"
    headers = client.get(path, headers=bearer(person())).headers
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''catatan%20" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
