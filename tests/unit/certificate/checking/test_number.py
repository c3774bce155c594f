import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.certificate.checking import api as check
from services.certificate.commands.revising import Reissue, reissue_certificate
from services.certificate.domain.numbers import space_number
from shared.database.unit import Database
from tests.unit.certificate.checking.scene import Held, hand_out, issue, outcome
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, numbered
from tests.unit.certificate.web import API, committed, said


@pytest.fixture
def held(database: Database, store: object, candidate: Candidate) -> Held:
    return issue(database, candidate)


def ask(client: FlaskClient, number: str, code: str, address: str = "10.0.0.1") -> TestResponse:
    body = {"number": number, "code": code}
    return client.post(f"{API}/check/number", json=body, environ_base={"REMOTE_ADDR": address})


def test_number_and_code_lead_to_the_register(client: FlaskClient, held: Held) -> None:
    response = ask(client, held.number, held.code)
    assert outcome(response) == ("valid", [("status", True), ("dates", True)])
    assert said(response)["certificate"]["check_url"] == held.version.check_url


def test_both_may_be_typed_as_people_type(client: FlaskClient, held: Held) -> None:
    assert ask(client, held.number.replace(" ", ""), held.code.upper().replace("-", " ")).status_code == 200
    assert ask(client, f" {held.number.replace(' ', '-')} ", held.code.replace("-", "")).status_code == 200


@pytest.mark.parametrize("code", ["aaaaa-aaaaa", "x", "", "é" * 10, "00000-00000", "%%%%%-_____"])
def test_the_number_alone_says_nothing(client: FlaskClient, held: Held, code: str) -> None:
    response = ask(client, held.number, code)
    assert response.status_code in (404, 422)
    assert held.version.holder_name not in response.text


def test_a_wrong_number_and_a_wrong_code_look_alike(client: FlaskClient, held: Held) -> None:
    unknown = ask(client, held.number.replace("000001", "000002"), held.code)
    wrong = ask(client, held.number, "aaaaa-aaaaa")
    assert unknown.status_code == wrong.status_code == 404
    told = [{**said(response), "correlation_id": ""} for response in (unknown, wrong)]
    assert told[0] == told[1]


def test_the_code_of_another_certificate_does_not_fit(client: FlaskClient, database: Database, held: Held) -> None:
    other = issue(database, Candidate("BUDI CONTOH"))
    assert ask(client, held.number, other.code).status_code == 404


def test_what_is_still_in_the_making_has_no_code_yet(client: FlaskClient, database: Database, store: object) -> None:
    certificate = committed(database, lambda session: numbered(session, Candidate("ANI CONTOH")))
    assert ask(client, certificate.number, certificate.current.check_token[:10]).status_code == 404


def test_each_version_has_its_own_code(client: FlaskClient, database: Database, held: Held) -> None:
    wanted = Reissue(reason=REASON.reason, holder_name="SITI CONTOH BENAR")
    newer = committed(
        database, lambda s: hand_out(s, reissue_certificate(s, CHAIR, held.version.certificate_id, wanted))
    )
    assert outcome(ask(client, held.number, held.code)) == ("superseded", [("status", False)])
    assert outcome(ask(client, newer.number, newer.code))[0] == "valid"


def test_wrong_codes_of_one_network_for_a_number_end_soon_and_right_ones_do_not_count(
    client: FlaskClient, held: Held
) -> None:
    for _ in range(30):
        assert ask(client, held.number, held.code, "10.0.0.2").status_code == 200
    statuses = [ask(client, held.number, "aaaaa-aaaaa", "10.0.0.3").status_code for _ in range(11)]
    assert statuses == [404] * 10 + [429]
    refused = ask(client, held.number, held.code, "10.0.0.3")
    assert refused.status_code == 429
    assert "kode QR" in said(refused)["detail"]
    assert ask(client, held.number, held.code, "10.0.0.4").status_code == 200


def test_wrong_pairs_of_one_network_end_whatever_their_numbers(
    client: FlaskClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "WRONG_PAIRS", "25/hour")
    numbers = [f"91011 2622 4 {100000 + turn} 2026" for turn in range(26)]
    assert [ask(client, each, "aaaaa-aaaaa").status_code for each in numbers] == [404] * 25 + [429]
    assert client.get(f"{API}/check/{held.token}").status_code == 200


def test_no_stranger_closes_the_check_for_others(client: FlaskClient, held: Held) -> None:
    """This failure mode means a check that 110 addresses with 1,984 wrong pairs shut for the whole world."""
    strangers = [f"10.{1 + turn // 200}.{turn % 200}.9" for turn in range(250)]
    statuses = {ask(client, held.number, "aaaaa-aaaaa", each).status_code for each in strangers for _ in range(9)}
    assert statuses == {404}, "2,250 wrong pairs of 250 addresses"
    assert ask(client, held.number, held.code, "10.0.0.4").status_code == 200


def test_the_addresses_of_one_line_share_its_guesses(client: FlaskClient, held: Held) -> None:
    statuses = [ask(client, held.number, "aaaaa-aaaaa", f"2001:db8:0:1::{turn}").status_code for turn in range(11)]
    assert statuses == [404] * 10 + [429]
    assert ask(client, held.number, held.code, "2001:db8:0:2::1").status_code == 200


@pytest.mark.parametrize(
    ("number", "code"), [("91011 2622 4 000001 2026", "aaaa"), ("91011", "aaaaa-aaaaa"), ("x", "1")]
)
def test_what_has_not_the_form_of_both_costs_no_guess(client: FlaskClient, held: Held, number: str, code: str) -> None:
    answers = [ask(client, number, code) for _ in range(15)]
    assert {(each.status_code, said(each)["code"]) for each in answers} == {(422, "check-incomplete")}
    assert ask(client, held.number, held.code).status_code == 200


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("91011 2622 4 000001 2026", "91011 2622 4 000001 2026"),
        ("910112622400000 12026", "91011 2622 4 000001 2026"),
        ("91011262241234567 82026", "91011 2622 4 12345678 2026"),
        ("91011 2622 4 2026", ""),
        ("91011 2622 4 000001 2026 9999", ""),
        ("' OR 1=1", ""),
        ("", ""),
    ],
)
def test_a_number_is_read_however_it_is_spaced(typed: str, printed: str) -> None:
    assert space_number(typed) == printed
