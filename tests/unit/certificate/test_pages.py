import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from services.certificate.models import Certificate
from services.certificate.practice import agreement_text
from shared import clock
from shared.database.unit import Database
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, hear, issued, numbered
from tests.unit.certificate.test_api import issue
from tests.unit.certificate.web import committed, person, sign_in


@pytest.fixture
def certificate(database: Database, candidate: Candidate) -> Certificate:
    found: Certificate = committed(database, lambda session: issued(session, candidate))
    return found


def test_the_check_page_says_in_plain_words_whether_it_holds(client: FlaskClient, certificate: Certificate) -> None:
    page = client.get(f"/certificate/check/{certificate.current.check_token}").text
    assert "Sertifikat ini berlaku." in page
    assert certificate.number in page
    assert certificate.holder_name in page


def test_the_check_page_speaks_english_too(client: FlaskClient, certificate: Certificate) -> None:
    page = client.get(f"/certificate/check/{certificate.current.check_token}?lang=en").text
    assert "This certificate is valid." in page


@pytest.mark.parametrize(("act", "words"), [("suspend", "sedang ditangguhkan"), ("withdraw", "sudah dicabut")])
def test_the_check_page_follows_what_the_chair_decides(
    client: FlaskClient, certificate: Certificate, act: str, words: str
) -> None:
    csrf = sign_in(client, CHAIR)
    until = (clock.today() + timedelta(days=30)).isoformat()
    answer = client.post(
        f"/certificate/{certificate.id}/{act}",
        data={"csrf_token": csrf, "reason": REASON.reason, "until": until},
    )
    assert answer.status_code == 303
    assert words in client.get(f"/certificate/check/{certificate.current.check_token}").text


def test_an_unknown_token_gets_a_page_that_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get(f"/certificate/check/{'a' * 26}")
    assert answer.status_code == 404
    assert "Pindai lagi kode QR" in answer.text


@pytest.mark.parametrize("given", ["link", "token", "TOKEN"])
def test_the_form_takes_the_link_or_the_token(client: FlaskClient, certificate: Certificate, given: str) -> None:
    token = certificate.current.check_token
    code = {"link": certificate.current.check_url, "token": token, "TOKEN": f" {token.upper()} "}[given]
    answer = client.post("/certificate/check", data={"code": code, "number": certificate.number})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/certificate/check/{certificate.current.check_token}")


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("", "", "kode"),
        ("http://elsewhere.test/x", "", "26 huruf"),
        ("a" * 26, "", "tidak dikenal"),
        (None, "91011 2622 4 999999 2026", "berbeda"),
    ],
)
def test_the_form_says_what_is_wrong(
    client: FlaskClient, certificate: Certificate, code: str | None, number: str, said: str
) -> None:
    given = certificate.current.check_token if code is None else code
    answer = client.post("/certificate/check", data={"code": given, "number": number})
    assert answer.status_code == 422
    assert said in answer.text


def test_the_holder_reads_signs_and_downloads(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    committed(database, lambda session: hear(session, candidate.submitted(), candidate.decided()))
    csrf = sign_in(client, candidate.actor)
    assert "Baca dan tandatangani" in client.get("/certificate/").text
    place = f"/certificate/agreement/{candidate.application_id}"
    assert agreement_text().points[0].id in client.get(place).text
    refused = client.post(place, data={"csrf_token": csrf, "name": candidate.actor.name})
    assert (refused.status_code, "Centang" in refused.text) == (422, True)
    signed = client.post(place, data={"csrf_token": csrf, "name": candidate.actor.name, "agreed": "true"})
    assert signed.status_code == 303
    from services.certificate import jobs

    jobs.jobs.run_due(database)
    own = client.get("/certificate/").text
    (link,) = re.findall(r'href="(/certificate/[0-9a-f-]+/pdf)"', own)
    assert client.get(link).data.startswith(b"%PDF")


def test_a_name_is_shown_as_text(client: FlaskClient, database: Database) -> None:
    hostile = Candidate("<SCRIPT>ALERT(1)</SCRIPT> CONTOH")
    certificate = issue(database, hostile)
    assert "<SCRIPT>" not in client.get(f"/certificate/check/{certificate.current.check_token}").text


@pytest.mark.parametrize("role", [*OFFICERS, Role.SECRETARIAT, Role.AUDITOR])
def test_officers_see_work_list_register_and_record(client: FlaskClient, certificate: Certificate, role: Role) -> None:
    sign_in(client, person(role))
    assert client.get("/certificate/").status_code == 200
    assert certificate.number in client.get("/certificate/register").text
    assert client.get("/certificate/register?status=nonsense&page=x").status_code == 200
    record = client.get(f"/certificate/{certificate.id}").text
    assert ("Tindakan ketua" in record) is (role is Role.CHAIR)
    assert client.get("/certificate/register.csv").status_code == 200


def test_a_refused_act_shows_its_form_again(client: FlaskClient, certificate: Certificate) -> None:
    csrf = sign_in(client, CHAIR)
    place = f"/certificate/{certificate.id}/suspend"
    assert client.get(place).status_code == 200
    answer = client.post(place, data={"csrf_token": csrf, "reason": REASON.reason, "until": "2020-01-01"})
    assert answer.status_code == 422
    assert "Pilih tanggal setelah hari ini." in answer.text
    assert REASON.reason in answer.text


def test_a_voided_number_is_replaced_with_one_press(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    making = committed(database, lambda session: numbered(session, candidate))
    csrf = sign_in(client, CHAIR)
    refused = client.post(f"/certificate/{making.id}/renumber", data={"csrf_token": csrf}, follow_redirects=True)
    assert "setelah nomor sebelumnya dibatalkan" in refused.text
    client.post(f"/certificate/{making.id}/void", data={"csrf_token": csrf, "reason": REASON.reason})
    done = client.post(f"/certificate/{making.id}/renumber", data={"csrf_token": csrf}, follow_redirects=True)
    assert "Nomor baru diminta" in done.text


def test_acting_without_the_forms_secret_is_refused(client: FlaskClient, certificate: Certificate) -> None:
    sign_in(client, CHAIR)
    answer = client.post(f"/certificate/{certificate.id}/withdraw", data={"reason": REASON.reason})
    assert answer.status_code == 403
