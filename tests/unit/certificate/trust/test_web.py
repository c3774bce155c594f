"""Readiness, proofs, checks and links over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.certificate.models import Certificate
from services.certificate.trust.commands import store_check, timestamping
from shared.database.unit import Database
from shared.documents.timestamps import Proof, read_roots, verify_register_proof
from shared.security.roles import Role
from shared.settings import settings
from tests.servers.timestamps import Authority
from tests.servers.timestamps import timestamping as authority_in
from tests.unit.certificate.trust.scene import issue_many
from tests.unit.certificate.web import API, bearer, person, said, sign_in

CHECKS = "/certificate/trust/checks"
WATCHER, STARTER = person(Role.AUDITOR), person(Role.HEAD_OF_QUALITY_CONTROL)


@pytest.fixture
def stamped(
    database: Database, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Certificate, Authority]]:
    """A certificate that stands under a time stamp."""
    (tmp_path / "tsa").mkdir()
    with authority_in(tmp_path / "tsa") as authority:
        monkeypatch.setenv("KOMPETEN_TIMESTAMP_URL", authority.url)
        monkeypatch.setenv("KOMPETEN_TIMESTAMP_CA_FILE", str(authority.root))
        settings.cache_clear()
        certificate = issue_many(database, 3)[1]
        timestamping.stamp_register(database)
        yield certificate, authority
    settings.cache_clear()


def test_anybody_with_the_token_gets_a_proof_that_holds(
    client: FlaskClient, stamped: tuple[Certificate, Authority]
) -> None:
    certificate, authority = stamped
    token = certificate.current.check_token
    place = f"/certificate/check/{token}/proof.json"
    assert f'href="{place}"' in client.get(f"/certificate/check/{token}").text
    answer = client.get(place)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    proof = Proof.model_validate_json(answer.data)
    assert proof.number == certificate.number
    assert verify_register_proof(proof, read_roots(authority.root)).authority == "CN=Otoritas waktu contoh"
    assert said(client.get(f"{API}/check/{token}/proof")) == said(answer)
    assert certificate.holder_name not in answer.text


def test_without_the_token_there_is_no_proof(client: FlaskClient, database: Database) -> None:
    (certificate,) = issue_many(database, 1)
    for token, status in (("a" * 26, 404), ("x", 422), (certificate.current.check_token, 404)):
        assert client.get(f"/certificate/check/{token}/proof.json").status_code == status


def test_the_officers_see_whether_all_is_in_order(
    client: FlaskClient, stamped: tuple[Certificate, Authority], database: Database
) -> None:
    store_check.check_store_daily(database)
    sign_in(client, WATCHER)
    shown = client.get("/certificate/trust").text
    assert "Kunci, jam, penyimpanan, dan tata letak siap" in shown
    assert "CN=Otoritas waktu contoh" in shown
    assert "Periksa sekarang" not in shown
    state = said(client.get(f"{API}/trust", headers=bearer(WATCHER)))
    assert (state["problems"], state["checks"][0]["wrong"], state["timestamps"][0]["count"]) == ([], 0, 3)


def test_what_stands_in_the_way_is_shown_with_what_to_do(client: FlaskClient, store: Path) -> None:
    store.write_text("a file where the folder should be")
    sign_in(client, WATCHER)
    shown = client.get("/certificate/trust").text
    assert "Penyimpanan berkas tidak dapat dihubungi atau penuh." in shown
    sign_in(client, WATCHER, "en")
    assert "The file store cannot be reached or is full." in client.get("/certificate/trust").text


def test_a_check_is_asked_for_followed_and_read(client: FlaskClient, database: Database, store: Path) -> None:
    certificate, *_ = issue_many(database, 2)
    (store / certificate.current.object_key).unlink()
    csrf = sign_in(client, STARTER)
    assert "Periksa sekarang" in client.get("/certificate/trust").text
    asked = client.post(CHECKS, data={"csrf_token": csrf, "full": "true"})
    assert asked.status_code == 303
    place = asked.headers["Location"]
    assert "Memeriksa daftar penyimpanan" in client.get(place).text
    store_check.continue_store_check(database)
    shown = client.get(place).text
    assert "Ada 1 berkas yang tidak cocok" in shown
    assert certificate.number in shown
    table = client.get(f"{place}.csv").text
    assert "Hilang dari penyimpanan" in table
    assert certificate.current.object_key in table
    assert "Ada 1 berkas sertifikat yang hilang, asing, atau berubah" in client.get("/certificate/").text


def test_the_same_over_the_api(client: FlaskClient, database: Database, store: Path) -> None:
    certificate, *_ = issue_many(database, 2)
    (store / certificate.current.object_key).unlink()
    me = bearer(STARTER)
    asked = client.post(f"{API}/trust/checks", json={"full": True}, headers=me)
    assert asked.status_code == 202
    own = f"{API}/trust/checks/{said(asked)['id']}"
    store_check.continue_store_check(database)
    done = said(client.get(own, headers=me))
    assert (done["phase"], done["wrong"], done["in_register"]) == ("done", 1, 2)
    (found,) = said(client.get(f"{own}/findings", headers=me))["items"]
    assert (found["kind"], found["key"]) == ("missing", certificate.current.object_key)
    assert certificate.number in client.get(f"{own}/findings.csv", headers=me).text


def test_a_check_nobody_knows_is_not_found(client: FlaskClient) -> None:
    sign_in(client, WATCHER)
    unknown = "7f1f0f4c-9a73-4c0a-8a5e-0f4c9a734c0a"
    for place in (f"{CHECKS}/{unknown}", f"{CHECKS}/{unknown}.csv"):
        assert client.get(place).status_code == 404


def test_a_short_link_gives_the_file_to_whoever_holds_it_and_is_noted(client: FlaskClient, database: Database) -> None:
    (certificate,) = issue_many(database, 1)
    chair = bearer(person(Role.CHAIR))
    link = said(client.get(f"{API}/certificates/{certificate.id}/link", headers=chair))
    assert link["address"].startswith(f"{settings().public_url}/certificate/files/certificates/")
    path = link["address"].removeprefix(settings().public_url)
    client.delete_cookie("kompeten_token")
    answer = client.get(path)
    assert answer.data == f"berkas {certificate.number}".encode()
    assert f"sertifikat-{certificate.number.replace(' ', '-')}.pdf" in answer.headers["Content-Disposition"]
    for altered in (
        path.replace("signature=", "signature=0"),
        path.replace("expires=", "expires=9"),
        path.split("?")[0],
    ):
        assert client.get(altered).status_code == 403


def test_a_link_to_something_that_is_no_certificate_leads_nowhere(client: FlaskClient, store: Path) -> None:
    from shared.objectstore import object_store

    object_store().put("documents/aa/ktp", b"rahasia", "application/pdf")
    address = object_store().link("documents/aa/ktp").removeprefix(settings().public_url)
    assert client.get(address).status_code == 404
    assert client.get("/certificate/files/../../etc/passwd").status_code == 404


def test_strangers_get_no_link(client: FlaskClient, database: Database) -> None:
    (certificate,) = issue_many(database, 1)
    for role in (Role.APPLICANT, Role.SECRETARIAT):
        answer = client.get(f"{API}/certificates/{certificate.id}/link", headers=bearer(person(role)))
        assert answer.status_code in (403, 404)
