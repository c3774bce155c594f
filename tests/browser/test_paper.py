"""The secretariat at the desk and on a phone: sheets, the photo, the list for BNSP, over the running system."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from pypdf import PdfReader

from kompeten.demo import samples, stages
from kompeten.demo.cast import Cast
from kompeten.demo.client import Client, wait_for
from services.registration.domain.request_list import COLUMNS
from tests.browser.conftest import PHONE, Visit
from tests.browser.visitor import Visitor
from tests.end_to_end.systems import PASSWORD

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def holder(cast: Cast) -> tuple[samples.Somebody, Client, str]:
    """Somebody found competent who has not signed the agreement yet."""
    person = samples.invent_person("RINA KERTAS")
    me = stages.open_own_account(cast, person)
    application = stages.save_draft(
        me, person, samples.LIBRARY_D2, [samples.make_work_period("Perpustakaan", date(2018, 1, 1))]
    )
    stages.file_draft(me, person, application)
    stages.bring_to_decision(cast, me, person, application)
    return person, me, application


def secretariat(visit: Visit, **window: object) -> Visitor:
    desk = visit(**window)
    desk.signs_in("sekretariat@contoh.test", PASSWORD)
    return desk


def test_a_photo_is_asked_for_anew_and_the_certificate_waits(
    cast: Cast, visit: Visit, holder: tuple[samples.Somebody, Client, str]
) -> None:
    person, me, application = holder
    desk = secretariat(visit, size=PHONE)
    desk.goes_to(f"/registration/photos/{application}")
    desk.fills("Alasan", "Latar belakang bukan merah (contoh).")
    desk.presses("Minta foto lain")
    desk.goes_to("/registration/photos")
    assert desk.sees(person.name)
    stages.sign_agreement(me, person, application)
    own = visit(size=PHONE)
    own.signs_in(person.email, samples.choose_password(person))
    own.goes_to(f"/registration/applications/{application}")
    own.follows("Unggah foto lain")
    own.page.set_input_files(
        "input[type=file]", {"name": "foto.png", "mimeType": "image/png", "buffer": samples.make_portrait()}
    )
    own.presses("Unggah foto")
    certificate = stages.wait_for_certificate(me, application)
    assert certificate["holder_name"] == person.name
    own.goes_to(f"/registration/applications/{application}/photo")
    assert own.page.locator("main img").evaluate("e => e.naturalWidth") == 354


def test_sheets_are_received_printed_and_handed_over(
    cast: Cast, visit: Visit, holder: tuple[samples.Somebody, Client, str]
) -> None:
    person, me, application = holder
    number = wait_for("the certificate", lambda: stages.wait_for_certificate(me, application))["number"]
    desk = secretariat(visit)
    desk.goes_to("/certificate/paper")
    desk.follows("Catat penerimaan")
    desk.fills("Nomor surat BNSP", "B.1/BNSP (contoh)")
    desk.fills("Awalan nomor", "UJI")
    desk.fills("Nomor pertama", "000001")
    desk.fills("Nomor terakhir", "000020")
    desk.presses("Masukkan ke persediaan")
    assert desk.sees("UJI 000001")
    desk.follows("Menunggu dicetak")
    desk.fills("Cari", person.name)
    desk.presses("Tampilkan")
    desk.fills("Mulai dari lembar", "UJI 000005")
    desk.presses("Pakai lembar untuk yang dipilih")
    pages = [page.extract_text() for page in PdfReader(BytesIO(desk.downloads("Unduh PDF untuk dicetak"))).pages]
    assert len(pages) == 2
    assert "UJI 000005" in pages[0]
    assert number in pages[0]
    desk.follows("UJI 000005")
    desk.follows("Catat penyerahan")
    desk.presses("Simpan penyerahan")
    receipt = PdfReader(BytesIO(desk.downloads("Tanda terima"))).pages[0].extract_text()
    assert person.name in receipt
    for path in ("/certificate/paper", "/certificate/paper/sheets", "/certificate/paper/waiting"):
        secretariat(visit, size=PHONE).goes_to(path)


def test_the_list_for_bnsp_is_chosen_and_taken(
    cast: Cast, visit: Visit, holder: tuple[samples.Somebody, Client, str]
) -> None:
    person, _, _ = holder
    desk = secretariat(visit, size=PHONE)
    desk.goes_to("/registration/requests")
    desk.fills("Cari", person.name)
    desk.presses("Tampilkan")
    assert person.nik not in desk.page.content()
    heading, cells = openpyxl.load_workbook(BytesIO(desk.downloads("Unduh xlsx"))).active.values
    assert heading == COLUMNS
    line = dict(zip(COLUMNS, cells, strict=True))
    assert (line["NAMA ASESI"], line["NIK"], line["K/BK"]) == (person.name, person.nik, "K")
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", line["TANGGAL UJI"])
    assert line["NOMOR REGISTRASI ASESOR"] == "MET.000.000001 contoh"
