"""The pages, as officers, panels and candidates use them in a browser: every form sent once, every page shown."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.decision.domain.workflow import CaseState
from services.decision.jobs import jobs
from shared import clock
from shared.database.unit import Database
from shared.security.actor import Actor
from tests.unit.decision.asking import sign_in
from tests.unit.decision.scene import (
    ADMIN,
    ASSESSOR,
    AUDITOR,
    BK,
    CANDIDATE,
    CHAIR,
    FIVE,
    OTHERS,
    PANEL,
    QUALITY,
    SECRETARY,
    UNITS,
    K,
    Scene,
)


def see(client: FlaskClient, actor: Actor, path: str, language: str = "id") -> str:
    sign_in(client, actor, language)
    answer = client.get(f"/decision{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def send(client: FlaskClient, actor: Actor, path: str, **fields: Any) -> TestResponse:
    """Send a form; `__` stands for the dot in a field's name."""
    secret = sign_in(client, actor)
    data = {name.replace("__", "."): value for name, value in fields.items()}
    return client.post(f"/decision{path}", data={"csrf_token": secret, **data})


def done(client: FlaskClient, actor: Actor, path: str, **fields: Any) -> str:
    """Send a form that is taken; the page it leads to."""
    answer = send(client, actor, path, **fields)
    assert answer.status_code == 303, re.sub(r"\s+", " ", answer.get_data(as_text=True))[-3000:]
    return client.get(answer.headers["Location"]).get_data(as_text=True)


def test_an_office_is_proposed_and_confirmed_on_the_page(client: FlaskClient, scene: Scene) -> None:
    seat = scene.find_term("chair")
    assert f"/officers/{seat}/end" in see(client, ADMIN, "/officers")
    assert "Hari terakhir" in see(client, ADMIN, f"/officers/{seat}/end")
    late = send(client, ADMIN, f"/officers/{seat}/end", until="2000-01-01").get_data(as_text=True)
    assert "Pilih tanggal dari hari ini sampai akhir masa jabatan." in late
    assert 'value="2000-01-01"' in late
    shown = done(client, ADMIN, f"/officers/{seat}/end", until=clock.today().isoformat())
    assert "Usulan dicatat dan menunggu persetujuan" in shown
    assert "Tarik usulan" in shown
    assert "Setujui usulan" not in shown
    assert "Setujui usulan" not in see(client, CHAIR, "/officers")
    assert "Jawab usulan tentang jabatan Ketua LSP" in see(client, QUALITY, "/")
    found = re.search(r"/officers/proposals/([0-9a-f-]{36})/confirm", see(client, QUALITY, "/officers"))
    assert found is not None
    assert send(client, ADMIN, f"/officers/proposals/{found[1]}/confirm").status_code == 403
    assert send(client, CHAIR, f"/officers/proposals/{found[1]}/confirm").status_code == 403
    assert "Usulan disetujui dan berlaku." in done(client, QUALITY, f"/officers/proposals/{found[1]}/confirm")
    after = clock.today() + timedelta(days=1)
    term = {"since": after.isoformat(), "until": (after + timedelta(days=730)).isoformat()}
    done(client, ADMIN, "/officers", office="chair", account_id=str(CHAIR.id), **term)
    found = re.search(r"/officers/proposals/([0-9a-f-]{36})/refuse", see(client, QUALITY, "/officers"))
    assert found is not None
    assert "Alasan" in see(client, QUALITY, f"/officers/proposals/{found[1]}/refuse")
    assert send(client, QUALITY, f"/officers/proposals/{found[1]}/refuse", reason="").status_code == 422
    refused = done(client, QUALITY, f"/officers/proposals/{found[1]}/refuse", reason="Belum dibahas (contoh)")
    assert "Belum dibahas (contoh)" in refused
    over = see(client, QUALITY, f"/officers/proposals/{found[1]}/refuse")
    assert "Usulan ini tidak dapat Anda jawab." in over
    taken = send(client, ADMIN, "/officers", office="head_of_standards", account_id=str(CHAIR.id), **term)
    assert taken.status_code == 409
    assert "Jabatan ini sudah terisi" in taken.get_data(as_text=True)
    done(client, ADMIN, "/officers", office="chair", account_id=str(CHAIR.id), **term)
    found = re.search(r"/officers/proposals/([0-9a-f-]{36})/withdraw", see(client, ADMIN, "/officers"))
    assert found is not None
    assert "Usulan ditarik." in done(client, ADMIN, f"/officers/proposals/{found[1]}/withdraw")


def test_a_meeting_is_called_held_and_closed_on_its_pages(
    client: FlaskClient, scene: Scene, database: Database
) -> None:
    first, second = scene.case(), scene.case()
    assert "Panggil rapat: 2 berkas menunggu" in see(client, SECRETARY, "/")
    at = f"{clock.now().astimezone(clock.JAKARTA):%Y-%m-%dT%H:%M}"
    assert CANDIDATE.name in see(client, SECRETARY, "/meetings/new")
    assert send(client, SECRETARY, "/meetings/new", at="", place="").status_code == 422
    shown = done(client, SECRETARY, "/meetings/new", at=at, place="Ruang rapat (contoh)", case_ids=[str(first)])
    path = f"/meetings/{_meeting_in(shown)}"
    assert "Agenda diperbarui." in done(client, SECRETARY, f"{path}/agenda", add=[str(second)])
    assert "Rapat dibuka." in done(
        client, SECRETARY, f"{path}/open", present=[str(actor.id) for actor in FIVE.values()]
    )
    assert "Beri pendapat atas 2 berkas" in see(client, QUALITY, "/")
    both = [str(first), str(second)]
    assert "Pilih pendapat Anda." in send(client, QUALITY, f"{path}/opinions", case_ids=both).get_data(as_text=True)
    assert "nyatakan bebas dari benturan kepentingan" in see(client, QUALITY, path)
    scene.declare([first, second], *FIVE.values())
    for member in OTHERS:
        assert "Pendapat dicatat untuk 2 berkas." in done(
            client, member, f"{path}/opinions", case_ids=both, opinion="agrees"
        )
    assert "Putuskan 2 berkas" in see(client, CHAIR, "/")
    shown = done(client, CHAIR, f"{path}/decisions", case_ids=both, reason="Sesuai pembahasan (contoh)")
    assert "2 berkas diputuskan." in shown
    assert "2 dari 2 berkas diputuskan." in shown
    assert "Notula sedang disiapkan" in done(client, SECRETARY, f"{path}/close", remark="Selesai (contoh)")
    jobs.run_due(database)
    assert "Unduh notula (PDF)" in see(client, AUDITOR, path)
    assert client.get(f"/decision{path}/minutes").data.startswith(b"%PDF")


def test_a_case_is_discussed_recused_from_and_decided_on_its_own_page(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    path = f"/meetings/{meeting_id}/cases/{case_id}"
    recused, *speakers = OTHERS
    assert "Mengundurkan diri dari berkas ini" in see(client, recused, path)
    shown = done(client, recused, f"{path}/recusals", ground="family", explanation="Sepupu (contoh)")
    assert "Anda tidak ikut membahas dan memutuskan berkas ini." in shown
    for member in speakers:
        assert "Pendapat dicatat." in done(client, member, f"{path}/opinion", opinion="differs", note="Ragu (contoh)")
    assert "Putuskan dan bekukan berkas" in see(client, CHAIR, path)
    rows = {f"units__{index}__unit": unit for index, unit in enumerate(UNITS)}
    found = {f"units__{index}__judgement": "K" for index in range(3)} | {"units__1__judgement": "BK"}
    refused = send(client, CHAIR, f"{path}/decision", **rows, **found)
    assert refused.status_code == 422
    assert "tuliskan alasannya" in refused.get_data(as_text=True)
    shown = done(client, CHAIR, f"{path}/decision", **rows, **found, reason="Bukti kurang (contoh)")
    assert "Belum Kompeten" in shown
    assert scene.decision(case_id).units[UNITS[1]] == "BK"


def test_a_meeting_is_called_off_and_its_case_waits(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    shown = done(client, SECRETARY, f"/meetings/{meeting_id}/cancel", reason="Ketua berhalangan (contoh)")
    assert "Rapat dibatalkan" in shown
    assert scene.state(case_id) is CaseState.AWAITING_MEETING


def test_attendance_changes_on_the_page(client: FlaskClient, scene: Scene) -> None:
    meeting_id = scene.call(scene.case())
    scene.open(meeting_id)
    left = OTHERS[0]
    shown = done(client, CHAIR, f"/meetings/{meeting_id}/attendance", account_id=str(left.id), present="false")
    assert "Kehadiran dicatat." in shown
    assert f"Catat {left.name} hadir" in shown


def test_a_candidate_reads_the_decision_and_appeals(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K, UNITS[1]: BK})
    assert "Anda dapat mengajukan banding: " in see(client, CANDIDATE, "/")
    shown = see(client, CANDIDATE, f"/my/{case_id}")
    assert "Ajukan banding (FR.AK.04)" in shown
    assert "Minta asesmen ulang" in shown
    assert shown.count("Percobaan ke-1 dari 3") == 1
    assert "Bukti mencukupi (contoh)" in shown  # what the assessor noted
    assert scene.decision(case_id).decree_number in shown
    empty = send(client, CANDIDATE, f"/my/{case_id}/appeal")
    assert empty.status_code == 422
    assert "Tuliskan alasan banding." in empty.get_data(as_text=True)
    shown = done(client, CANDIDATE, f"/my/{case_id}/appeal", units=[UNITS[1]], reasons="Bukti lengkap (contoh)")
    assert "Tanda terima diberikan" in shown
    assert "Ajukan banding (FR.AK.04)" not in shown


def test_a_candidate_asks_for_a_reassessment_or_closes_the_case_on_the_page(client: FlaskClient, scene: Scene) -> None:
    case_id, other = (scene.decided({UNITS[0]: K, UNITS[1]: BK}) for _ in range(2))
    path = f"/my/{case_id}/reassessment"
    refused = send(client, CANDIDATE, path, units=[UNITS[1]])
    assert refused.status_code == 422
    assert "bila tidak, ajukan banding" in refused.get_data(as_text=True)
    shown = done(client, CANDIDATE, path, units=[UNITS[1]], accepts="true")
    assert "Asesmen ulang Anda tercatat." in shown
    assert "Ajukan banding (FR.AK.04)" not in shown
    assert scene.state(case_id) is CaseState.REASSESSMENT_ORDERED
    closed = done(client, CANDIDATE, f"/my/{other}/give-up")
    assert "Ditutup oleh asesi" in closed
    assert scene.state(other) is CaseState.CLOSED


def test_an_appeal_is_heard_on_its_page(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    path = f"/appeals/{appeal_id}"
    assert "Tunjuk panel banding" in see(client, QUALITY, "/")
    assert CANDIDATE.name in see(client, QUALITY, "/appeals")
    assert send(client, QUALITY, f"{path}/panel").status_code == 422
    assert "Panel ditunjuk" in done(client, QUALITY, f"{path}/panel", panel=[str(actor.id) for actor in PANEL])
    assert "Undur diri dari panel" in see(client, PANEL[0], path)
    assert "dicatat" in done(client, PANEL[0], f"{path}/step-down", reason="Teman dekat (contoh)")
    panel = [str(actor.id) for actor in [SECRETARY, *PANEL[1:]]]
    done(client, QUALITY, f"{path}/panel", panel=panel)
    assert "Suara terbuka setelah" in see(client, SECRETARY, path)
    scene.declare([case_id], SECRETARY, *PANEL[1:])
    for member in [SECRETARY, *PANEL[1:]]:
        assert "Suara Anda dicatat." in done(client, member, f"{path}/votes", vote="dismiss", reasons="Cukup (contoh)")
    shown = done(client, SECRETARY, f"{path}/outcome", outcome_reasons="Bukti sudah dinilai (contoh)")
    assert "Putusan banding disampaikan." in shown
    assert scene.state(case_id) is CaseState.DECIDED_BK
    own = see(client, CANDIDATE, f"/my/{case_id}")
    assert "Bukti sudah dinilai (contoh)" in own
    assert "Banding berakhir" in own


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_shows_in_both_languages(client: FlaskClient, scene: Scene, language: str) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    scene.heard(appeal_id, upheld=True)
    meeting_id = scene.decision(case_id).meeting_id
    for path in (
        "/", "/cases", f"/cases/{case_id}", "/cases?status=appealed&q=as&sort=-since", "/meetings", "/officers",
        f"/meetings/{meeting_id}", f"/meetings/{meeting_id}/cases/{case_id}", "/appeals", f"/appeals/{appeal_id}",
    ):  # fmt: skip
        see(client, CHAIR, path, language)
    for path in ("/", f"/my/{case_id}"):
        see(client, CANDIDATE, path, language)
    assert UNITS[0] in see(client, ASSESSOR, "/", language)


def test_the_frozen_file_downloads_with_the_bytes_that_were_hashed(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K})
    decision = scene.decision(case_id)
    sign_in(client, AUDITOR)
    answer = client.get(f"/decision/decisions/{decision.id}/file")
    assert answer.data.decode() == decision.file
    assert answer.headers["Content-Disposition"].startswith("attachment")


def _meeting_in(shown: str) -> UUID:
    found = re.search(r"/decision/meetings/([0-9a-f-]{36})/open", shown)
    assert found is not None
    return UUID(found[1])
