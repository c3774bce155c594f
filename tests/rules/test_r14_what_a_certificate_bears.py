"""R14 (9.4): a certificate bears name, number, body, scheme, units, dates, and means against counterfeiting."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from shared.contracts.decision import CertificationDecided
from tests.rules.playing import Candidate, Played, refused_post, retell

Held = tuple[Candidate, dict[str, Any]]


def read_text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_nothing_that_a_certificate_must_bear_is_left_out(played: Played, holder: Held) -> None:
    me, certificate = holder[0].me, holder[1]
    pdf = me.download(f"/certificate/api/certificates/{certificate['id']}/pdf")
    text = read_text(pdf)
    for borne in (
        certificate["number"],
        certificate["registration_number"],
        holder[0].person.name,
        *certificate["units"],
    ):
        assert borne in text, borne
    for year in (certificate["issued_on"][:4], certificate["expires_on"][:4]):
        assert year in text
    assert certificate["issuer"] in text
    assert PdfReader(BytesIO(pdf)).get_fields(), "there is a signature field"
    assert b"/ByteRange" in pdf


def test_a_name_that_cannot_be_printed_is_on_no_sheet(played: Played, holder: Held) -> None:
    """Correcting it to nothing, to signs that no font has, to what hides: one version stays."""
    path = f"/certificate/api/certificates/{holder[1]['id']}"
    for name in ("", "\u200b\u200b", "\U0001f600 CONTOH", holder[0].person.name):
        body = {"holder_name": name, "reason": "Perbaikan nama (contoh)"}
        assert (
            refused_post(
                played.cast["ketua"],
                f"{path}/reissue",
                body,
                "name-not-printable",
                "nothing-to-correct",
                "invalid-input",
                "name-invalid",
                "person-name",
            ).status
            == 422
        )
    played.send_form(
        "ketua", f"/certificate/{holder[1]['id']}/reissue", {"holder_name": "", "reason": "Perbaikan nama"}
    )
    shown = played.cast["ketua"].get(path)
    assert (len(shown["versions"]), shown["holder_name"]) == (1, holder[1]["holder_name"])


def test_a_decision_told_again_with_another_name_makes_no_second_number(played: Played, holder: Held) -> None:
    told = played.told("decision", CertificationDecided.type, holder[0].application)
    played.forge("decision", "certificate", retell(told, applicant_name="ORANG LAIN CONTOH"))
    played.forge("decision", "certificate", retell(told, decree_number="9999/SK/CONTOH/2026"))
    mine = holder[0].me.get("/certificate/api/mine")["certificates"]
    assert [(line["number"], line["holder_name"]) for line in mine] == [(holder[1]["number"], holder[1]["holder_name"])]


def test_no_number_stands_twice(played: Played, holder: Held) -> None:
    lines = played.cast["ketua"].get("/certificate/api/certificates", size=100)["items"]
    numbers = [line["number"] for line in lines] + [line["registration_number"] for line in lines]
    assert holder[1]["number"] in numbers
    assert len(numbers) == len(set(numbers))


def test_a_copy_with_one_byte_changed_is_not_genuine(played: Played, holder: Held) -> None:
    """As somebody would make it who has the file: the text stays readable, the signature does not fit."""
    pdf = holder[0].me.download(f"/certificate/api/certificates/{holder[1]['id']}/pdf")
    at = len(pdf) // 3
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    for data, genuine in ((pdf, True), (changed, False)):
        answer = played.cast.nobody.upload("/certificate/api/check/file", {}, "salinan.pdf", data, "application/pdf")
        assert answer["genuine"] is genuine
