"""The issuer's keys, the status lists and the credentials, as verifiers' software asks for them."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.certificate.commands.revising import Reissue, reissue_certificate
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.models import Certificate, Version
from shared import clock
from shared.audit import AuditRow
from shared.credentials import did, statuslist
from shared.credentials.standing import find_standing, read_listed_bits
from shared.credentials.statuslist import ENTRIES, Purpose
from shared.credentials.verification import Check, Standing, Trust, Verdict, verify_credential
from shared.database.unit import Database
from shared.security.roles import Role
from shared.settings import settings
from tests.node import HERE, run
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, numbered
from tests.unit.certificate.web import API, bearer, committed, person, said, sign_in


@pytest.fixture
def certificate(database: Database, candidate: Candidate, store: object) -> Certificate:
    """Numbered, made, stored, announced."""
    found: Certificate = committed(database, lambda session: numbered(session, candidate))
    certificate_jobs.run_due(database)
    return fresh(database, found)


def fresh(database: Database, certificate: Certificate) -> Certificate:
    with database.reading() as session:
        return session.get_one(Certificate, certificate.id, options=[selectinload(Certificate.versions)])


def public_path(address: str) -> str:
    return address.removeprefix(settings().public_url)


def fetch(client: FlaskClient, address: str) -> bytes:
    answer = client.get(public_path(address))
    assert answer.status_code == 200, answer.text
    data: bytes = answer.data
    return data


def verdict(client: FlaskClient, data: bytes) -> Verdict:
    """What somebody finds who knows only the address of the system."""
    issuer = did.read_did_document(fetch(client, "/certificate/did.json"))

    def source(base: str, index: int) -> Standing:
        return find_standing(base, index, lambda address: fetch(client, address), issuer, clock.real_now)

    return verify_credential(data, Trust(issuer, clock.now(), status=source))


def failed(found: Verdict) -> list[Check]:
    return [finding.check for finding in found.findings if not finding.passed]


def test_what_is_issued_can_be_checked_with_what_is_published(client: FlaskClient, certificate: Certificate) -> None:
    """The PDF, the credential in it and the credential at its address."""
    pdf = client.get(f"{API}/certificates/{certificate.id}/pdf", headers=bearer(CHAIR)).data
    attached = PdfReader(io.BytesIO(pdf)).attachments["credential.json"][0]
    published = fetch(client, f"{certificate.current.check_url}/credential.json")
    assert published == attached
    for data in (pdf, published):
        found = verdict(client, data)
        assert found.performed == tuple(Check)
        assert failed(found) == []
        assert found.facts is not None
        assert found.facts.number == certificate.number


def test_others_software_confirms_what_is_published(client: FlaskClient, certificate: Certificate) -> None:
    """Digital Bazaar's verifier, given nothing but what these addresses answer."""
    credential = json.loads(fetch(client, f"{certificate.current.check_url}/credential.json"))
    lists = [status["statusListCredential"] for status in credential["credentialStatus"]]
    given = {
        "credential": credential,
        "did": json.loads(fetch(client, "/certificate/did.json")),
        "lists": {address: json.loads(fetch(client, address)) for address in lists},
    }
    told = run(HERE / "verify_credential.mjs", given=json.dumps(given))
    assert told == {"verified": True, "status": {"revocation": False, "suspension": False}, "errors": []}


def test_suspended_reinstated_and_withdrawn_show_in_the_lists(
    client: FlaskClient, database: Database, certificate: Certificate
) -> None:
    def act(name: str, **given: Any) -> Verdict:
        answer = client.post(
            f"{API}/certificates/{certificate.id}/{name}",
            json={"reason": REASON.reason, **given},
            headers=bearer(CHAIR),
        )
        assert answer.status_code == 200, answer.text
        return verdict(client, certificate.current.credential.encode())

    def status(found: Verdict) -> str:
        (finding,) = [one for one in found.findings if one.check is Check.STATUS]
        return finding.words.en

    until = str(clock.today() + timedelta(days=90))
    suspended = act("suspend", until=until)
    assert (failed(suspended), status(suspended)[:9]) == ([Check.STATUS], "Suspended")
    assert failed(act("reinstate")) == []
    withdrawn = act("withdraw")
    assert (failed(withdrawn), status(withdrawn)[:18]) == ([Check.STATUS], "No longer in force")


def test_a_superseded_version_is_revoked_and_the_new_one_is_not(
    client: FlaskClient, database: Database, certificate: Certificate
) -> None:
    given = Reissue(reason=REASON.reason, holder_name="SITI CONTOH, S.PTK.")
    committed(database, lambda session: reissue_certificate(session, CHAIR, certificate.id, given))
    certificate_jobs.run_due(database)
    first, second = fresh(database, certificate).versions
    assert failed(verdict(client, first.credential.encode())) == [Check.STATUS]
    assert failed(verdict(client, second.credential.encode())) == []
    assert fetch(client, f"{first.check_url}/credential.json") == first.credential.encode()


def test_a_list_is_the_same_until_something_changes(client: FlaskClient, certificate: Certificate) -> None:
    first = client.get("/certificate/status/0/revocation")
    again = client.get("/certificate/status/0/revocation")
    assert first.content_type == "application/vc"
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    if first.data == again.data:  # unless the five minutes have just ended
        unchanged = client.get("/certificate/status/0/revocation", headers={"If-None-Match": first.headers["ETag"]})
        assert unchanged.status_code == 304


@pytest.mark.parametrize("path", ["status/1/revocation", "status/99999/suspension", "status/0/refresh", "status/x/y"])
def test_lists_that_are_not_there_are_not_made_up(client: FlaskClient, certificate: Certificate, path: str) -> None:
    assert client.get(f"/certificate/{path}").status_code == 404


def test_the_second_list_begins_where_the_first_is_full(
    client: FlaskClient, database: Database, certificate: Certificate
) -> None:
    def move(session: Session) -> None:
        session.get_one(Version, certificate.current.id).status_index = ENTRIES + 5

    committed(database, move)
    withdraw = client.post(
        f"{API}/certificates/{certificate.id}/withdraw", json={"reason": REASON.reason}, headers=bearer(CHAIR)
    )
    assert withdraw.status_code == 200
    issuer = did.read_did_document(fetch(client, "/certificate/did.json"))
    for number, bits in ((0, set()), (1, {statuslist.place_of_version(ENTRIES + 5)[1]})):
        where = f"{settings().public_url}/certificate/status/{number}/revocation"
        list_ = read_listed_bits(fetch(client, where), where, Purpose.REVOCATION, issuer, clock.real_now())
        assert {bit for bit in range(ENTRIES) if statuslist.is_bit_set(list_, bit)} == bits


def test_a_credential_is_had_by_its_token_alone(client: FlaskClient, certificate: Certificate) -> None:
    assert client.get(f"/certificate/check/{'a' * 26}/credential.json").status_code == 404
    for token in (certificate.current.check_token[:10], "x", certificate.number):
        answer = client.get(f"/certificate/check/{token}/credential.json")
        assert (answer.status_code, certificate.holder_name in answer.text) == (422, False)
    answer = client.get(f"{public_path(certificate.current.check_url)}/credential.json")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_nothing_is_published_of_what_is_still_being_made(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    making = committed(database, lambda session: numbered(session, candidate))
    assert client.get(f"/certificate/check/{making.current.check_token}/credential.json").status_code == 404


@pytest.mark.parametrize("path", [f"{API}/certificates/{{id}}/credential", "/certificate/{id}/credential"])
def test_the_holder_takes_the_credential_along_and_it_is_noted(
    client: FlaskClient, database: Database, candidate: Candidate, certificate: Certificate, path: str
) -> None:
    answer = client.get(path.format(id=certificate.id), headers=bearer(candidate.actor))
    assert answer.status_code == 200
    assert json.loads(answer.data)["id"] == certificate.current.check_url
    assert "attachment" in answer.headers["Content-Disposition"]
    assert ".json" in answer.headers["Content-Disposition"]
    with database.reading() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.action == "certificate:download")).one()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.APPLICANT, 404), (Role.SECRETARIAT, 403), (Role.AUDITOR, 403), (Role.CHAIR, 200)]
)
def test_nobody_else_takes_it_under_the_certificates_id(
    client: FlaskClient, certificate: Certificate, role: Role, status: int
) -> None:
    answer = client.get(f"{API}/certificates/{certificate.id}/credential", headers=bearer(person(role)))
    assert answer.status_code == status


def test_the_page_of_the_certificate_leads_to_it(
    client: FlaskClient, candidate: Candidate, certificate: Certificate
) -> None:
    sign_in(client, candidate.actor)
    assert f"/certificate/{certificate.id}/credential" in client.get(f"/certificate/{certificate.id}").text


def test_a_certificate_older_than_credentials_says_so(
    client: FlaskClient, database: Database, certificate: Certificate
) -> None:
    def forget(session: Session) -> None:
        session.get_one(Version, certificate.current.id).credential = ""

    committed(database, forget)
    answer = client.get(f"{API}/certificates/{certificate.id}/credential", headers=bearer(CHAIR))
    assert (answer.status_code, said(answer)["code"]) == (404, "credential-none")


def test_the_issuers_document_names_the_keys_in_use(client: FlaskClient, certificate: Certificate) -> None:
    answer = client.get("/certificate/did.json")
    assert answer.content_type == "application/did+json"
    issuer = did.read_did_document(answer.data)
    assert issuer.id == did.did_of(f"{settings().public_url}/certificate")
    assert len(issuer.keys) == 1
    assert len(issuer.signers) == 1
