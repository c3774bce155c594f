"""A passkey in a real browser, whose authenticator is a virtual one: enrolled, shown, refused, looked after."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.visitor import Visitor
from tests.end_to_end.systems import PASSWORD, embedded, free_port

CHAIR = "ketua@contoh.test"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
Open = Callable[[tuple[int, int]], Visitor]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A system at a name, for browsers make no passkey for an address of numbers; staff must have a second factor."""
    port = free_port()
    address = f"http://localhost:{port}"
    needs = {"KOMPETEN_PUBLIC_URL": address, "KOMPETEN_SECOND_FACTOR": "required"}
    with embedded(tmp_path_factory.mktemp("passkeys"), port, **needs):
        yield address


@pytest.fixture
def open_window(browser: Browser, site: str, tmp_path: Path) -> Iterator[Open]:
    opened: list[Page] = []

    def open_one(size: tuple[int, int]) -> Visitor:
        viewport: Any = {"width": size[0], "height": size[1]}
        context = browser.new_context(base_url=site, viewport=viewport, locale="id-ID")
        context.set_default_timeout(20_000)
        opened.append(context.new_page())
        return Visitor(opened[-1], tmp_path)

    yield open_one
    for page in opened:
        page.context.close()


def plug_in(visitor: Visitor) -> tuple[CDPSession, str]:
    """An authenticator in this window, and its id."""
    devices = visitor.page.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    added = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devices, added["authenticatorId"]


def comes_to(visitor: Visitor, title: str) -> None:
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(title)
    visitor.looks_it_over()


def hears(visitor: Visitor, words: str) -> None:
    expect(visitor.page.locator("[data-passkey-words]")).to_contain_text(words)


def presses_by_keyboard(visitor: Visitor, words: str) -> None:
    button = visitor.page.get_by_role("button", name=words, exact=True)
    expect(button).to_be_enabled()
    button.focus()
    visitor.page.keyboard.press("Enter")


def answer_slowly(route: Route) -> None:
    time.sleep(1.5)
    route.continue_()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_passkey_is_enrolled_shown_and_looked_after(open_window: Open, size: tuple[int, int]) -> None:
    email = CHAIR if size == PHONE else "administrator@contoh.test"
    me = open_window(size)
    devices, device = plug_in(me)
    me.signs_in(email, PASSWORD)
    comes_to(me, "Pasang masuk dua langkah")
    me.keeps_a_picture("enrolment")
    me.fills("Nama kunci sandi", "Telepon saya")
    me.page.keyboard.press("Enter")
    comes_to(me, "Kode pemulihan Anda")
    codes = me.page.locator("li code").all_inner_texts()
    assert len(codes) == 10

    me.page.context.clear_cookies()
    me.signs_in(email, PASSWORD)
    comes_to(me, "Masuk: langkah kedua")
    me.keeps_a_picture("code")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    presses_by_keyboard(me, "Masuk dengan kunci sandi")
    hears(me, "Dibatalkan")
    me.keeps_a_picture("stopped")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    presses_by_keyboard(me, "Masuk dengan kunci sandi")
    me.page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))

    me.goes_to("/registration/account/second-factor")
    me.keeps_a_picture("own")
    me.follows("Tambah kunci sandi")
    comes_to(me, "Buktikan bahwa ini Anda")
    me.keeps_a_picture("proof")
    me.fills("Kata sandi", PASSWORD)
    me.page.keyboard.press("Enter")
    comes_to(me, "Kunci sandi baru")
    me.fills("Nama kunci sandi", "Telepon saya lagi")
    presses_by_keyboard(me, "Buat kunci sandi")
    hears(me, "sudah menyimpan")
    me.keeps_a_picture("known")
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"transport": "usb"}})
    presses_by_keyboard(me, "Buat kunci sandi")
    comes_to(me, "Masuk dua langkah")
    assert me.sees("Telepon saya lagi")

    me.follows("Telepon saya lagi")
    me.keeps_a_picture("one")
    me.follows("Buktikan dahulu bahwa ini Anda")
    me.fills("Kata sandi", PASSWORD)
    me.fills("Atau kode", codes[0])
    me.presses("Lanjut dengan kode")
    comes_to(me, "Telepon saya lagi")
    me.page.on("dialog", lambda dialog: dialog.accept())
    me.presses("Hapus kunci sandi ini")
    comes_to(me, "Masuk dua langkah")
    assert not me.sees("Telepon saya lagi")


def test_no_passkey_is_made_before_it_has_a_name(open_window: Open) -> None:
    me = open_window(PHONE)
    devices, device = plug_in(me)
    me.signs_in("auditor@contoh.test", PASSWORD)
    comes_to(me, "Pasang masuk dua langkah")
    code = me.page.locator(".qr svg").bounding_box()
    assert code is not None
    assert code["width"] > 180
    me.presses("Buat kunci sandi")
    expect(me.page.locator("#f-name-error")).to_have_text("Wajib diisi.")
    assert devices.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"] == []


def test_a_browser_without_passkeys_is_told_and_takes_a_code(open_window: Open) -> None:
    me = open_window(DESK)
    me.page.add_init_script("delete window.PublicKeyCredential")
    me.signs_in("sekretariat@contoh.test", PASSWORD)
    comes_to(me, "Pasang masuk dua langkah")
    me.fills("Nama kunci sandi", "Telepon saya")
    presses_by_keyboard(me, "Buat kunci sandi")
    hears(me, "tidak mendukung kunci sandi")


def test_on_a_slow_line_no_form_goes_off_without_its_passkey(open_window: Open) -> None:
    me = open_window(PHONE)
    plug_in(me)
    me.signs_in("mutu@contoh.test", PASSWORD)
    comes_to(me, "Pasang masuk dua langkah")
    me.page.route(re.compile(r"/passkey\.js"), answer_slowly)
    me.page.reload(wait_until="commit")
    me.fills("Nama kunci sandi", "Telepon saya")
    me.page.keyboard.press("Enter")
    comes_to(me, "Kode pemulihan Anda")


def test_without_scripts_a_passkey_has_no_button_to_press(browser: Browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="id-ID")
    me = Visitor(context.new_page(), tmp_path, scripts=False)
    me.signs_in("asesor@contoh.test", PASSWORD)
    expect(me.page.get_by_role("heading", level=1)).to_have_text("Pasang masuk dua langkah")
    expect(me.page.get_by_role("button", name="Buat kunci sandi")).to_be_disabled()
    assert me.sees("memerlukan JavaScript")
    me.keeps_a_picture("without")
    context.close()
