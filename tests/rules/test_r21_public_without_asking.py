"""R21 (7.2): public without asking: scheme scope, prerequisites, process, appeals and complaints."""

import pytest
from werkzeug.test import TestResponse

from tests.rules.playing import Played


def read_as_nobody(played: Played, path: str, token: str = "") -> TestResponse:
    client = played.body.services["registration"].app.test_client()
    if token:
        client.set_cookie("kompeten_token", token)
    return client.get(path)


@pytest.mark.parametrize("token", ["", "kedaluwarsa.contoh.token"])
@pytest.mark.parametrize("path", ["/registration/", "/registration/information", "/registration/periods"])
def test_no_page_of_it_asks_who_reads(played: Played, path: str, token: str) -> None:
    """Without a session and with one that is worth nothing."""
    answer = read_as_nobody(played, path, token)
    if answer.status_code == 303 and token:
        answer = read_as_nobody(played, path)
    assert answer.status_code == 200
    assert "sign-in" not in answer.request.path


def test_scope_and_prerequisites_of_every_scheme_are_told(played: Played) -> None:
    lines = played.cast.nobody.get("/registration/api/schemes")
    assert lines
    page = read_as_nobody(played, "/registration/information").text
    for line in lines:
        scheme = played.cast.nobody.get(f"/registration/api/schemes/{line['id']}")
        assert scheme["units"], line["id"]
        assert all(unit["elements"] for unit in scheme["units"])
        assert scheme["title"]["id"] in page


def test_process_appeals_and_complaints_are_told_in_both_languages(played: Played) -> None:
    page = read_as_nobody(played, "/registration/information").text.lower()
    for word in ("d2", "slta", "asesmen", "banding", "pengaduan"):
        assert word in page, word
    english = played.body.services["registration"].app.test_client()
    english.set_cookie("kompeten_language", "en")
    shown = english.get("/registration/information", headers={"Accept-Language": "en"})
    assert shown.status_code == 200


def test_what_is_public_is_taken_away_by_nobody(played: Played) -> None:
    """The body's people may change no scheme; there is no such door."""
    path = f"/registration/api/schemes/{played.cast.scheme['id']}"
    before = played.cast.nobody.get(path)
    client = played.body.services["registration"].app.test_client()
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        assert client.open(path, method=method, json={}).status_code in (401, 403, 404, 405)
    assert played.cast.nobody.get(path) == before
