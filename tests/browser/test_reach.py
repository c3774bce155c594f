"""Who has no JavaScript, a small window, no mouse, or reads English, gets just as far."""

import pytest

from kompeten.demo.cast import Cast
from tests.browser.conftest import PHONE, Visit
from tests.end_to_end.systems import PASSWORD

ROLES = ("asesi", "sekretariat", "asesor", "ketua", "sertifikasi", "auditor", "administrator", "pengaduan")
PUBLIC = (
    "/registration/",
    "/registration/information",
    "/registration/periods",
    "/certificate/check",
    "/certificate/events",
)


@pytest.mark.parametrize("name", ROLES)
def test_every_place_of_the_navigation_is_there_on_a_phone(cast: Cast, visit: Visit, name: str) -> None:
    me = visit(size=PHONE)
    me.signs_in(f"{name}@contoh.test", PASSWORD)
    assert me.page.locator("nav a[aria-current]").count() >= 1
    links = me.page.locator("header nav a, nav.menu a")
    for path in {link.get_attribute("href") or "" for link in links.all()}:
        me.goes_to(path)
        assert me.page.locator("h1").inner_text()
        assert not me.sees("Tidak berwenang")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_read_in_english_too(cast: Cast, visit: Visit, path: str) -> None:
    anybody = visit()
    anybody.goes_to(path)
    before = anybody.page.locator("h1").inner_text()
    anybody.page.locator(".languages [lang=en]").click()
    anybody.page.wait_for_load_state()
    anybody.looks_it_over()
    assert anybody.page.locator("html").get_attribute("lang") == "en"
    assert anybody.page.locator("h1").inner_text() != before
    anybody.goes_to(path)
    assert anybody.page.locator("html").get_attribute("lang") == "en"


def test_rows_and_forms_work_without_javascript(cast: Cast, visit: Visit) -> None:
    me = visit(scripts=False)
    me.signs_in("asesi2@contoh.test", PASSWORD)
    me.goes_to("/registration/applications/new")
    me.page.get_by_role("radio").first.check()
    me.presses("Mulai permohonan")
    application = me.page.url.split("/applications/")[1].split("/")[0]
    me.goes_to(f"/registration/applications/{application}/form/work")
    me.presses("Tambah pengalaman kerja")
    me.page.fill("#f-work-0-employer", "Perpustakaan Contoh")
    me.presses("Tambah pengalaman kerja")
    assert me.page.input_value("#f-work-0-employer") == "Perpustakaan Contoh"
    me.presses("Hapus baris 1")
    assert me.page.input_value("#f-work-0-employer") == ""
    assert me.page.locator("#f-work-1-employer").count() == 0


def test_the_keyboard_alone_reaches_the_content_and_signs_in(cast: Cast, visit: Visit) -> None:
    me = visit()
    me.goes_to("/registration/sign-in")
    me.page.keyboard.press("Tab")
    assert me.page.evaluate("document.activeElement.className") == "skip"
    me.page.keyboard.press("Enter")
    me.page.keyboard.press("Tab")
    me.page.keyboard.type("asesi@contoh.test")
    me.page.keyboard.press("Tab")
    me.page.keyboard.type(PASSWORD)
    me.page.keyboard.press("Enter")
    me.page.wait_for_url("**/registration/applications*")


def test_a_wrong_password_is_told_on_the_form_and_keeps_the_address(cast: Cast, visit: Visit) -> None:
    me = visit()
    me.signs_in("asesi@contoh.test", "bukan kata sandinya")
    assert me.page.url.endswith("/registration/sign-in")
    assert me.page.get_by_label("Alamat surel").input_value() == "asesi@contoh.test"
    assert me.page.locator(".summary").is_visible()
