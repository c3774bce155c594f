import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from services.certificate.commands.revising import Reduce, reduce_scope
from shared import clock
from shared.database.unit import Database
from tests.unit.certificate.checking.scene import Held, hand_out, issue, made
from tests.unit.certificate.scene import CHAIR, REASON, Candidate
from tests.unit.certificate.web import committed, sign_in

FORM = "/certificate/check"


@pytest.fixture
def held(database: Database, store: object, candidate: Candidate) -> Held:
    return issue(database, candidate)


def page_of(held: Held, language: str = "id") -> str:
    return f"/certificate/check/{held.token}?lang={language}"


def test_the_page_says_in_plain_words_whether_it_holds(client: FlaskClient, held: Held) -> None:
    page = client.get(page_of(held)).text
    assert "Sertifikat ini berlaku." in page
    assert held.number in page
    assert held.version.holder_name in page
    assert "bukan lembar atau berkasnya" in page


def test_the_page_speaks_english_too(client: FlaskClient, held: Held) -> None:
    page = client.get(page_of(held, "en")).text
    assert "This certificate is valid." in page
    assert "In the register; neither suspended nor withdrawn." in page
    assert "Basic Library Services" in page


@pytest.mark.parametrize(("act", "words"), [("suspend", "sedang ditangguhkan"), ("withdraw", "sudah dicabut")])
def test_the_page_follows_what_the_chair_decides(client: FlaskClient, held: Held, act: str, words: str) -> None:
    csrf = sign_in(client, CHAIR)
    until = (clock.today() + timedelta(days=30)).isoformat()
    data = {"csrf_token": csrf, "reason": REASON.reason, "until": until}
    assert client.post(f"/certificate/{held.version.certificate_id}/{act}", data=data).status_code == 303
    assert words in client.get(page_of(held)).text


def test_the_page_of_an_old_sheet_names_no_unit_but_those_that_remain(
    client: FlaskClient, database: Database, held: Held
) -> None:
    kept, gone = held.version.units[0], held.version.units[1]
    wanted = Reduce(reason=REASON.reason, units=[kept])
    committed(database, lambda s: hand_out(s, reduce_scope(s, CHAIR, held.version.certificate_id, wanted)))
    page = client.get(page_of(held)).text
    assert "Lembar ini sudah diganti" in page
    assert kept in page
    assert gone not in page


def test_an_unknown_token_gets_a_page_that_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get(f"/certificate/check/{'a' * 26}")
    assert answer.status_code == 404
    assert "Pindai lagi kode QR" in answer.text


def test_number_and_code_lead_to_the_page_of_the_sheet(client: FlaskClient, held: Held) -> None:
    answer = client.post(FORM, data={"way": "number", "number": held.number, "code": held.code})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/certificate/check/{held.token}")


@pytest.mark.parametrize("given", ["link", "token", "TOKEN"])
def test_the_form_takes_the_link_or_the_token(client: FlaskClient, held: Held, given: str) -> None:
    text = {"link": held.version.check_url, "token": held.token, "TOKEN": f" {held.token.upper()} "}[given]
    answer = client.post(FORM, data={"way": "text", "text": text})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/certificate/check/{held.token}")


def test_a_file_and_a_signed_text_are_answered_on_the_spot(client: FlaskClient, held: Held) -> None:
    by_file = client.post(FORM, data={"way": "file", "file": (io.BytesIO(held.pdf), "sertifikat.pdf")})
    by_text = client.post(FORM, data={"way": "text", "text": held.qr})
    for answer in (by_file, by_text):
        assert answer.status_code == 200
        assert re.findall(r'<li class="(\w+)">\s*<strong>', answer.text) == ["passed"] * 5
        assert "Tanda tangan elektronik" in answer.text


def test_a_forged_text_names_nobody(client: FlaskClient, held: Held) -> None:
    forged = made(held.version, holder_name="PENIPU CONTOH").qr.split("#")[1]
    answer = client.post(FORM, data={"way": "text", "text": f"http://lsp-palsu.test/certificate/check/x#{forged}"})
    assert "Bukan sertifikat kami" in answer.text
    assert "PENIPU" not in answer.text
    assert held.version.holder_name not in answer.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"way": "number", "number": "", "code": ""}, "Wajib diisi"),
        ({"way": "number", "number": "91011 2622 4 000001 2026", "code": "aaaaa-aaaaa"}, "tidak cocok"),
        ({"way": "text", "text": "http://elsewhere.test/x"}, "26 huruf"),
        ({"way": "text", "text": "a" * 26}, "Pindai lagi kode QR"),
        ({"way": "file"}, "Pilih berkas"),
    ],
)
def test_the_form_says_what_is_wrong(client: FlaskClient, held: Held, data: dict[str, str], said: str) -> None:
    answer = client.post(FORM, data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.text.count('class="summary"') == 1


@pytest.mark.parametrize("way", ["", "x", "number\x00"])
def test_no_way_at_all_is_the_form_again(client: FlaskClient, way: str) -> None:
    assert client.post(FORM, data={"way": way}).status_code in (200, 422)


def test_a_name_is_shown_as_text(client: FlaskClient, database: Database, store: object) -> None:
    hostile = issue(database, Candidate("<SCRIPT>ALERT(1)</SCRIPT> CONTOH"))
    assert "<SCRIPT>" not in client.get(page_of(hostile)).text
