"""Strangers check a certificate: by its QR code, its number, its file; with and without JavaScript, on a phone."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from kompeten.demo import samples, stages
from kompeten.demo.cast import Cast
from tests.browser.conftest import PHONE, Visit
from tests.unit.certificate.scans import picture, zxing


@dataclass
class Sheet:
    """A certificate on paper and as a file."""

    number: str
    holder: str
    pdf: Path
    qr: str

    @property
    def address(self) -> str:
        return self.qr.partition("#")[0]

    @property
    def code(self) -> str:
        token = self.address.rpartition("/")[2]
        return f"{token[:5]}-{token[5:10]}"


@pytest.fixture(scope="module")
def sheet(cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    """Issued by the running system, and scanned from its picture."""
    folder = tmp_path_factory.mktemp("sheet")
    person = samples.invent_person("SITI PERIKSA")
    me = stages.open_own_account(cast, person)
    application = stages.save_draft(me, person, samples.LIBRARY_D2, [])
    stages.file_draft(me, person, application)
    stages.bring_to_decision(cast, me, person, application)
    stages.sign_agreement(me, person, application)
    certificate = stages.wait_for_certificate(me, application)
    pdf = folder / "certificate.pdf"
    pdf.write_bytes(me.download(f"/certificate/api/certificates/{certificate['id']}/pdf"))
    return Sheet(certificate["number"], person.name, pdf, zxing(picture(pdf.read_bytes(), folder, 200)))


def test_the_camera_leads_to_a_page_that_says_valid_and_its_proof_is_checked_too(sheet: Sheet, visit: Visit) -> None:
    anybody = visit(size=PHONE)
    anybody.goes_to(sheet.qr)
    anybody.page.locator(".checks li").nth(4).wait_for()
    assert anybody.page.locator("#putusan").inner_text().startswith("Berlaku")
    assert anybody.page.locator(".checks li.passed").count() == 5
    assert anybody.sees(sheet.holder)
    anybody.looks_it_over()


def test_a_proof_that_was_tampered_with_is_not_believed(sheet: Sheet, visit: Visit) -> None:
    anybody = visit()
    digit = str((int(sheet.qr[-5]) + 1) % 10)
    anybody.goes_to(sheet.qr[:-5] + digit + sheet.qr[-4:])
    anybody.page.locator(".verdict.bad").wait_for()
    assert anybody.sees("Bukan sertifikat kami")


@pytest.mark.parametrize("scripts", [True, False])
def test_number_and_code_are_typed_from_the_sheet(sheet: Sheet, visit: Visit, scripts: bool) -> None:
    anybody = visit(size=PHONE, scripts=scripts)
    anybody.goes_to("/certificate/check")
    anybody.fills("Nomor sertifikat", sheet.number)
    anybody.fills("Kode periksa", sheet.code)
    anybody.presses("Periksa nomor")
    assert anybody.page.url == sheet.address
    assert anybody.sees("Sertifikat ini berlaku.")
    anybody.page.locator(".languages [lang=en]").click()
    anybody.page.wait_for_load_state()
    assert anybody.sees("This certificate is valid.")


def test_a_wrong_code_is_told_on_the_form(sheet: Sheet, visit: Visit) -> None:
    anybody = visit()
    anybody.goes_to("/certificate/check")
    anybody.fills("Nomor sertifikat", sheet.number)
    anybody.fills("Kode periksa", "aaaaa-aaaaa")
    anybody.presses("Periksa nomor")
    assert anybody.sees("Nomor dan kode ini tidak cocok")
    assert anybody.page.get_by_label("Nomor sertifikat").input_value() == sheet.number
    assert not anybody.sees(sheet.holder)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_gets_all_five_checks_and_an_altered_one_is_found_out(
    sheet: Sheet, visit: Visit, tmp_path: Path, scripts: bool
) -> None:
    anybody = visit(size=PHONE, scripts=scripts)
    pdf = bytearray(sheet.pdf.read_bytes())
    pdf[pdf.index(b"/Title") + 10] ^= 1
    (tmp_path / "altered.pdf").write_bytes(pdf)
    for file, said in ((sheet.pdf, "Sertifikat ini berlaku."), (tmp_path / "altered.pdf", "Bukan sertifikat kami")):
        anybody.goes_to("/certificate/check")
        anybody.page.set_input_files("#f-file", file)
        anybody.presses("Periksa berkas")
        assert anybody.sees(said)
    assert not anybody.sees(sheet.holder)
