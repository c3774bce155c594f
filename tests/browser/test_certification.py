"""One certification in a real browser: the applicant and the officers, each on their own pages.

What assessor and meeting do in between goes over the API: their pages have tests of their own.
"""

from pathlib import Path

from kompeten.demo import samples, stages
from kompeten.demo.cast import Cast
from kompeten.demo.client import wait_for
from kompeten.demo.mailed import find_mailed_key
from kompeten.demo.samples import Somebody
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.end_to_end.systems import PASSWORD

OWN_PASSWORD = "empat kata acak contoh"
SCHEME = "Layanan Dasar Perpustakaan"


def opens_an_account(me: Visitor, person: Somebody, cast: Cast) -> None:
    me.goes_to("/registration/register")
    me.fills("Nama lengkap", person.name)
    me.fills("Alamat surel", person.email)
    me.keeps_a_picture("register")
    me.presses("Daftar sekarang")
    assert me.sees("Kami mengirim surel")
    me.keeps_a_picture("mailed")
    me.goes_to(
        f"/registration/register/confirm?key={find_mailed_key(cast.admin, person.email, 'registration_requested')}"
    )
    me.fills("Kata sandi", OWN_PASSWORD)
    me.keeps_a_picture("confirm")
    me.presses("Buka akun")


def fills_apl_01(me: Visitor, person: Somebody) -> None:
    """Process 2.2, with a mistake on the way that the page explains."""
    me.goes_to("/registration/applications/new")
    me.ticks(SCHEME)
    me.presses("Mulai permohonan")
    me.presses("Saya sudah membaca dan memahaminya")
    me.fills("Nama lengkap", person.name)
    me.fills("NIK", person.nik)
    me.fills("Tempat lahir", "Jakarta")
    me.fills("Tanggal lahir", person.birth_date.isoformat())
    me.ticks("Perempuan")
    me.fills("Kebangsaan", "Indonesia")
    me.fills("Alamat", "Jl. Contoh 1")
    me.fills("Kode kota", "3171")
    me.fills("Kode provinsi", "31")
    me.fills("Telepon", "0812000000")
    me.fills("Surel", person.email)
    me.presses("Simpan dan lanjutkan")
    me.page.locator("#f-education-0-level").select_option("D2")
    me.fills("Bidang studi", "Ilmu Perpustakaan")
    me.ticks("Bidang ilmu perpustakaan")
    me.fills("Lembaga pendidikan", "Universitas Contoh")
    me.fills("Tahun lulus", "2015")
    me.presses("Simpan dan lanjutkan")
    me.presses("Tambah pengalaman kerja")
    me.page.wait_for_selector("#f-work-0-employer")
    me.page.fill("#f-work-0-employer", "Perpustakaan Contoh")
    me.page.fill("#f-work-0-position", "Pustakawan")
    me.page.fill("#f-work-0-since", "2020-01-06")
    me.presses("Simpan dan lanjutkan")
    me.page.get_by_role("radio").first.check()
    me.presses("Simpan dan lanjutkan")


def attaches_documents(me: Visitor, folder: Path) -> None:
    papers = {
        "photo": samples.make_portrait(),
        **{kind: samples.make_paper(title) for kind, title in stages.PAPERS.items()},
    }
    for kind, data in papers.items():
        file = folder / f"{kind}.{'png' if kind == 'photo' else 'pdf'}"
        file.write_bytes(data)
        me.page.locator("#f-kind").select_option(kind)
        me.page.set_input_files("#f-file", file)
        me.presses("Unggah")


def files_it(me: Visitor, person: Somebody) -> str:
    """Returns the application's id."""
    me.follows("Lanjut ke pengajuan")
    me.presses("Ajukan permohonan")
    assert me.page.evaluate("document.activeElement.id") == "perbaiki"
    me.ticks("Saya menyatakan")
    me.fills("Tanda tangan", person.name)
    me.presses("Ajukan permohonan")
    assert me.sees("Sekretariat akan memeriksa kelengkapannya")
    return me.page.url.rsplit("/", 1)[1]


def is_verified(officer: Visitor, person: Somebody) -> None:
    """Process 2.3, 2.4."""
    officer.signs_in("sekretariat@contoh.test", PASSWORD)
    assert officer.page.url.endswith("/registration/verification")
    officer.follows(person.name)
    for choice in officer.page.get_by_label("Ada dan memadai").all():
        choice.check()
    officer.keeps_a_picture("verification")
    officer.presses("Terima permohonan")
    assert officer.sees("FR-APL-02 sudah dibuka")


def fills_apl_02(me: Visitor, person: Somebody, application: str) -> None:
    """Process 2.5."""
    me.goes_to(f"/registration/applications/{application}/self-assessment")
    for choice in me.page.locator("input[type=radio][value=K]").all():
        choice.check()
    for choice in me.page.locator("input[type=checkbox][name$=evidence]").all():
        choice.check()
    me.ticks("Saya menyatakan bahwa penilaian diri")
    me.fills("Tanda tangan", person.name)
    me.keeps_a_picture("self-assessment")
    me.presses("Kirim seluruh berkas")


def is_assessed(cast: Cast, person: Somebody, application: str) -> str:
    """Process 2.6 to 2.8 over the API; returns the path of the case in its open meeting."""
    client = cast.nobody.signed_in(person.email, OWN_PASSWORD)
    case = str(stages.wait_for_case(cast, application)["id"])
    stages.prepare_candidate(cast, client, case, "asesor")
    stages.assess_candidate(cast, client, case, "asesor")
    staff = cast["sekretariat"]

    def waiting() -> bool:
        lines = staff.get("/decision/api/cases", status="awaiting_meeting", size=100)["items"]
        return any(line["id"] == application for line in lines)

    wait_for("the case before the meeting", waiting)
    body = {"at": stages.moment_at(cast.today, 13), "place": "Ruang rapat LSP (contoh)", "case_ids": [application]}
    meeting = staff.post("/decision/api/meetings", body)["id"]
    present = [cast.ids[name] for name in cast.officers]
    staff.post(f"/decision/api/meetings/{meeting}/open", {"present": present})
    return f"/decision/meetings/{meeting}/cases/{application}"


def _opens_the_file(officer: Visitor) -> None:
    """R1: the file opens after the declaration, not before."""
    officer.follows("Buka berkas lengkap")
    officer.page.get_by_label("Tidak ada benturan kepentingan").check()
    officer.presses("Nyatakan dan buka berkas")


def is_decided(cast: Cast, visit: Visit, path: str) -> None:
    """Process 2.9: the officers speak, the chair decides."""
    meeting, _, application = path.removeprefix("/decision/meetings/").partition("/cases/")
    member = visit()
    member.signs_in("mutu@contoh.test", PASSWORD)
    member.goes_to(path)
    assert not member.sees("Catat pendapat")
    _opens_the_file(member)
    assert member.sees("Rekaman (FR.AK.02)")
    member.keeps_a_picture("dossier")
    member.goes_to(path)
    member.ticks("Setuju dengan rekomendasi")
    member.presses("Catat pendapat")
    for name in ("umum", "sertifikasi", "standardisasi"):
        cast[name].post(f"/decision/api/cases/{application}/declaration", {"no_conflict": True})
        opinion = {"case_ids": [application], "opinion": "agrees", "note": ""}
        cast[name].post(f"/decision/api/meetings/{meeting}/opinions", opinion)
    chair = visit()
    chair.signs_in("ketua@contoh.test", PASSWORD)
    assert chair.page.url.endswith("/decision/")
    chair.goes_to(path)
    _opens_the_file(chair)
    assert chair.sees("Dibaca oleh")
    chair.goes_to(path)
    for choice in chair.page.locator("input[type=radio][value=K]").all():
        choice.check()
    chair.keeps_a_picture("decision")
    chair.presses("Putuskan dan bekukan berkas")
    assert chair.sees("Diputuskan Kompeten")


def takes_the_certificate(me: Visitor, visit: Visit, person: Somebody, application: str) -> None:
    """R11, R17, R22."""
    me.goes_to(f"/certificate/agreement/{application}")
    me.ticks("Saya menyetujui semua butir")
    me.fills("Nama lengkap Anda", person.name)
    me.presses("Tandatangani")

    def issued() -> bool:
        me.goes_to("/certificate/")
        return me.sees("Berlaku")

    wait_for("the certificate on the holder's page", issued)
    me.keeps_a_picture("own-certificates")
    me.page.locator("main a[href^='/certificate/']").first.click()
    me.page.wait_for_load_state()
    me.looks_it_over()
    assert me.downloads("Unduh PDF").startswith(b"%PDF")
    check = me.page.locator("a[href*='/certificate/check/']").first.get_attribute("href")
    assert check is not None
    anybody = visit()
    anybody.goes_to(check)
    assert anybody.sees("Sertifikat ini berlaku.")
    assert anybody.sees(person.name)


def test_an_applicant_and_the_officers_bring_one_certification_to_its_end(
    cast: Cast, visit: Visit, tmp_path: Path
) -> None:
    person = samples.invent_person("MAWAR MELATI")
    me = visit()
    opens_an_account(me, person, cast)
    fills_apl_01(me, person)
    attaches_documents(me, tmp_path)
    application = files_it(me, person)
    is_verified(visit(), person)
    fills_apl_02(me, person, application)
    is_decided(cast, visit, is_assessed(cast, person, application))
    takes_the_certificate(me, visit, person, application)
