"""What people bring to the check is read through; what has not its form is incomplete, and costs no guess."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from services.certificate.bulk.lists import read_file_lines
from services.certificate.checking import typed
from services.certificate.checking.api import WRONG_CODES
from shared.database.unit import Database
from shared.errors import Invalid
from tests.unit.certificate.bulk.test_lists import workbook
from tests.unit.certificate.checking.scene import Held, issue
from tests.unit.certificate.scene import Candidate
from tests.unit.certificate.web import API, said

TOKEN = "abcdefghijklmnopqrstuvwxyz"
ADDRESS = f"https://lsp.example/certificate/check/{TOKEN}"
BEHIND = [
    "%20",
    "%0A",
    "%0D%0A",
    ".",
    ")",
    "%22",
    "%E2%80%8B",
    "%C2%A0",
    "%E2%80%A6",
    "%2520",
    "%252E",
    "%EF%B8%8F",
    ",",
]


@pytest.fixture
def held(database: Database, store: object, candidate: Candidate) -> Held:
    return issue(database, candidate)


@pytest.mark.parametrize("behind", BEHIND)
def test_what_clings_to_an_address_is_read_through_at_both_doors(client: FlaskClient, held: Held, behind: str) -> None:
    assert client.get(f"{API}/check/{held.token}{behind}").status_code == 200
    assert "Sertifikat ini berlaku." in client.get(f"/certificate/check/{held.token}{behind}").text


def test_capitals_are_read_through_at_both_doors(client: FlaskClient, held: Held) -> None:
    assert client.get(f"{API}/check/{held.token.upper()}").status_code == 200
    assert client.get(f"/certificate/check/{held.token.upper()}").status_code == 200


@pytest.mark.parametrize("end", ["credential.json"])
def test_the_files_beside_the_page_are_found_alike(client: FlaskClient, held: Held, end: str) -> None:
    assert client.get(f"/certificate/check/{held.token.upper()}./{end}").status_code == 200


@pytest.mark.parametrize(
    "write",
    [
        lambda url: url.replace("http://127.0.0.1:8000", "HTTP://127.0.0.1:8000"),
        lambda url: url.replace("http:", "https:"),
        lambda url: f"Silakan periksa di sini: {url}. Terima kasih",
        lambda url: f"<{url}>",
        lambda url: f"\u201c{url}\u201d",
        lambda url: url[:-9] + "\n" + url[-9:],
        lambda url: url[:-9] + "\u00ad" + url[-9:],
        lambda url: url.replace("/certificate", "/CERTIFICATE").replace("/check", "/CHECK"),
        lambda url: f"{url}/credential.json",
        lambda url: f"{url}?lang=en",
        lambda url: url.replace(":", "%3A").replace("/", "%2F"),
        lambda url: url.replace("http://", ""),
        lambda url: f"\ufeff{url}\u200f",
    ],
)
def test_a_pasted_address_is_read_through(client: FlaskClient, held: Held, write: Callable[[str], str]) -> None:
    answer = client.post(f"{API}/check/text", json={"text": write(held.version.check_url)})
    assert (answer.status_code, said(answer).get("standing")) == (200, "valid")


def test_a_site_without_a_scheme_is_still_another_site(client: FlaskClient, held: Held) -> None:
    answer = client.post(f"{API}/check/text", json={"text": f"lsp-palsu.test/certificate/check/{held.token}"})
    assert said(answer)["standing"] == "not_genuine"


@pytest.mark.parametrize("host", ["HTTP://LSP.EXAMPLE", "https://lsp.example:443", "LSP.example.:80"])
def test_a_host_is_one_host_however_it_is_written(host: str) -> None:
    assert typed.read_address(f"{host}/certificate/check/{TOKEN.upper()}") == (TOKEN, "lsp.example")


@pytest.mark.parametrize(
    "write",
    [
        lambda number: f"No. {number}",
        lambda number: f"no : {number}",
        lambda number: f"NOMOR SERTIFIKAT: {number}",
        lambda number: number.replace(" ", "\u2013"),
        lambda number: number.replace(" ", "\u00a0"),
        lambda number: number.replace(" ", "."),
        lambda number: f"({number})",
        lambda number: number.replace(" ", "\n"),
        lambda number: number.replace(" ", "\t"),
        lambda number: "".join(chr(0xFF10 + int(sign)) if sign.isdigit() else sign for sign in number),
        lambda number: "".join(chr(0x0660 + int(sign)) if sign.isdigit() else sign for sign in number),
        lambda number: f"\u200b{number}\u202c",
        lambda number: f"№ {number}",
    ],
)
def test_a_number_and_its_code_are_read_through(client: FlaskClient, held: Held, write: Callable[[str], str]) -> None:
    code = f"Kode periksa: {held.code.upper().replace('-', chr(0x2011))}"
    assert client.post(f"{API}/check/number", json={"number": write(held.number), "code": code}).status_code == 200


def test_what_misses_is_told_and_no_guess_is_spent(client: FlaskClient, held: Held) -> None:
    for _ in range(int(WRONG_CODES.partition("/")[0]) + 5):
        answer = client.post(f"{API}/check/number", json={"number": held.number[:-3], "code": "abc"})
        told = said(answer)
        assert (answer.status_code, told["code"]) == (422, "check-incomplete")
    assert "20 sampai 22 angka; yang terbaca 17" in str(told["errors"])
    assert "10 huruf dan angka, misalnya abcde-fghij; yang terbaca 3" in str(told["errors"])
    right = client.post(f"{API}/check/number", json={"number": held.number, "code": held.code})
    assert right.status_code == 200


@pytest.mark.parametrize("cut", [1, 10, 25])
def test_a_cut_token_is_incomplete_and_never_not_genuine(client: FlaskClient, held: Held, cut: int) -> None:
    answer = client.get(f"{API}/check/{held.token[:cut]}")
    assert (answer.status_code, said(answer)["code"]) == (422, "check-incomplete")
    page = client.get(f"/certificate/check/{held.token[:cut]}")
    assert page.status_code == 422
    assert "belum lengkap" in page.text
    assert f"yang terbaca {cut}" in page.text
    assert "Bukan sertifikat kami" not in page.text


def test_the_waiting_time_is_said_and_is_the_same_on_the_page_and_in_the_header(
    client: FlaskClient, held: Held
) -> None:
    wrong = {"way": "number", "number": held.number, "code": "aaaaa-aaaaa"}
    for _ in range(int(WRONG_CODES.partition("/")[0])):
        assert client.post("/certificate/check", data=wrong).status_code == 422
    page = client.post("/certificate/check", data=wrong)
    assert page.status_code == 429
    minutes, seconds = divmod(int(page.headers["Retry-After"]), 60)
    assert f"coba lagi {minutes} menit {seconds} detik lagi" in page.text
    answer = client.post(f"{API}/check/number", json={"number": held.number, "code": "aaaaa-aaaaa"})
    minutes, seconds = divmod(int(answer.headers["Retry-After"]), 60)
    assert f"{minutes} menit {seconds} detik" in said(answer)["detail"]


@pytest.mark.parametrize("value", [91011262240000022026, 9.101126224000002e19, 12345, 1.5])
def test_a_number_cell_is_named_with_its_place(value: float) -> None:
    with pytest.raises(Invalid, match=r"Sel ini angka; jadikan teks: lembar Sheet, sel A2 \(baris 2, kolom A\)"):
        read_file_lines(workbook([["Nomor"], [value]]))


def test_cells_are_read_like_what_is_typed() -> None:
    given = "\u200b９１０１１\u00a02622\u20134 000001 2026\u202c"
    (line,) = read_file_lines(workbook([["\ufeffNomor"], [given]]))
    assert line.number == "91011 2622-4 000001 2026"
    (line,) = read_file_lines(f"\ufeff\ufeffNomor;Alasan\n{given};Alasan \u2013 contoh\u200b\n".encode())
    assert (line.number, line.reason) == ("91011 2622-4 000001 2026", "Alasan \u2013 contoh")
