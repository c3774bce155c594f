"""Texts that Python's own functions raise on are refused like any other that does not fit."""

from base64 import urlsafe_b64encode

import pytest
from flask.testing import FlaskClient

from shared.errors import Forbidden
from shared.objectstore.folder import FolderStore
from tests.unit.web.conftest import person, sign_in

BRACKETS = urlsafe_b64encode(b"[" * 9000).decode()
DIGITS = "9" * 5000


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[x]", "\u00b2", "null/["])
def test_an_origin_that_is_no_address_is_another_site(client: FlaskClient, origin: str) -> None:
    sign_in(client, person())
    assert client.post("/tiny/notes/new", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("token", [f"{BRACKETS}.e30.AAAA", DIGITS, "\u00b2.\u00b2.\u00b2"])
def test_a_token_of_anything_is_not_valid(client: FlaskClient, token: str) -> None:
    assert client.get("/tiny/api/notes", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_notice_of_brackets_says_nothing(client: FlaskClient) -> None:
    client.set_cookie("kompeten_notice", urlsafe_b64encode(b"[" * 2000).decode())
    assert client.get("/tiny/sign").status_code == 200


@pytest.mark.parametrize("row", [DIGITS, "\u00b2", "-1", "\u0663" * 5000])
def test_a_row_that_no_form_has_is_none(client: FlaskClient, row: str) -> None:
    csrf = sign_in(client, person())
    for fields in ({"_remove": f"work.{row}"}, {"_add": f"work.{row}.x"}, {f"work.{row}.employer": "x"}):
        assert client.post("/tiny/notes/new", data={**fields, "csrf_token": csrf}).status_code < 500


@pytest.mark.parametrize(
    "query", [f"expires={DIGITS}", "expires=%C2%B2", "expires=1&signature=%C3%A9", "signature=%FF"]
)
def test_a_link_with_any_text_is_altered(tmp_path: object, query: str) -> None:
    store = FolderStore(tmp_path, "http://contoh.test/files")  # type: ignore[arg-type]
    for link in (f"http://contoh.test/files/a?{query}", f"http://[?{query}"):
        with pytest.raises(Forbidden):
            store.opened(link)
