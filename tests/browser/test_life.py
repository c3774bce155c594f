"""The life of a certificate in a real browser: corrected, reduced, suspended by list, and what its holder sees."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kompeten.demo import samples, stages
from kompeten.demo.cast import Cast
from kompeten.demo.samples import Somebody
from shared.clock import today
from tests.browser.conftest import PHONE, Visit
from tests.browser.visitor import Visitor
from tests.end_to_end.systems import PASSWORD

Holder = tuple[Somebody, dict[str, Any]]


@pytest.fixture
def holder(cast: Cast) -> Callable[[str], Holder]:
    """Certifies somebody over the API."""

    def certified(name: str) -> Holder:
        person = samples.invent_person(name)
        me = stages.open_own_account(cast, person)
        application = stages.save_draft(me, person, samples.LIBRARY_D2, [])
        stages.file_draft(me, person, application)
        stages.bring_to_decision(cast, me, person, application)
        stages.sign_agreement(me, person, application)
        return person, stages.wait_for_certificate(me, application)

    return certified


def comes_to_see(visitor: Visitor, words: str, path: str) -> None:
    """Load a page anew until it says `words`, as somebody who waits does."""
    for _ in range(60):
        visitor.page.goto(path)
        if visitor.sees(words):
            break
        visitor.page.wait_for_timeout(500)
    visitor.looks_it_over()
    assert visitor.sees(words)


def test_corrected_and_reduced_by_the_chair_seen_and_shared_by_the_holder(
    holder: Callable[[str], Holder], visit: Visit
) -> None:
    person, certificate = holder("NANI SURYANI")
    place = f"/certificate/{certificate['id']}"
    chair = visit()
    chair.signs_in("ketua@contoh.test", PASSWORD)
    chair.goes_to(place)
    chair.follows("Perbaiki data")
    chair.fills("Nama pada sertifikat", "NANI SURJANI CONTOH")
    chair.fills("Alasan", "Ejaan nama tidak sama dengan ijazah (contoh).")
    chair.presses("Buat versi baru")
    comes_to_see(chair, "PDF versi 2", place)
    chair.follows("Kurangi lingkup")
    chair.page.locator("input[name=units]").first.uncheck()
    chair.fills("Alasan", "Unit ini tidak lagi dikuasai (contoh).")
    chair.presses("Kurangi lingkup")
    comes_to_see(chair, "PDF versi 3", place)
    assert chair.sees("Berlaku, lingkup dikurangi")
    me = visit(size=PHONE)
    me.signs_in(person.email, samples.choose_password(person))
    me.goes_to("/certificate/")
    me.follows("Lihat dan bagikan")
    assert me.sees("NANI SURJANI CONTOH")
    assert me.page.get_by_alt_text("Kode QR ke halaman pemeriksaan sertifikat ini").is_visible()
    old, new = me.downloads("PDF versi 1"), me.downloads("PDF versi 3")
    assert old.startswith(b"%PDF")
    assert new.startswith(b"%PDF")
    assert old != new
    link = me.page.locator("section.share a").inner_text()
    me.goes_to(re.sub(r"^https?://[^/]+", "", link))
    assert me.sees(certificate["number"])


@pytest.mark.parametrize("scripts", [True, False])
def test_suspended_and_reinstated_by_list_on_a_phone_with_scripts_and_without(
    holder: Callable[[str], Holder], visit: Visit, scripts: bool
) -> None:
    _, certificate = holder("OKTA PURNAMA" if scripts else "PUTU ARTAWAN")
    head = visit(size=PHONE, scripts=scripts)
    head.signs_in("sertifikasi@contoh.test", PASSWORD)
    head.goes_to("/certificate/bulk")
    head.follows("Tangguhkan menurut daftar")
    head.fills("Nomor sertifikat", f"{certificate['number']}\n91011 2622 4 999999 2026")
    head.fills("Alasan untuk semua", "Laporan surveilan tidak disampaikan (contoh).")
    head.fills("Ditangguhkan paling lama sampai", (today() + timedelta(days=60)).isoformat())
    head.presses("Uji coba")
    assert head.sees("1 dari 2 baris akan dijalankan")
    assert head.sees("Nomor ini tidak ada dalam register.")
    assert head.sees("Ketua yang menjalankannya.")
    batch = head.page.url
    chair = visit(size=PHONE, scripts=scripts)
    chair.page.on("dialog", lambda question: question.accept())
    chair.signs_in("ketua@contoh.test", PASSWORD)
    chair.goes_to("/certificate/")
    assert chair.sees("Tindakan massal yang belum selesai")
    chair.goes_to(batch)
    if not scripts:
        chair.ticks("Ya, saya yakin.")
    chair.presses("Jalankan 1 baris")
    if scripts:
        chair.page.get_by_text("1 dari 1 baris sudah dijalankan").wait_for()
    comes_to_see(chair, "1 dari 1 baris sudah dijalankan", batch)
    report = chair.downloads("CSV").decode("utf-8-sig")
    assert "Ditangguhkan" in report
    chair.goes_to(f"/certificate/{certificate['id']}")
    chair.follows("Berlakukan kembali")
    chair.fills("Alasan", "Laporan sudah disampaikan (contoh).")
    chair.presses("Berlakukan kembali")
    assert chair.sees("Sertifikat berlaku kembali.")
