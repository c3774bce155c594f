"""Every page shows, for whom it is, at every stage of a case; forms do what they say."""

from datetime import timedelta
from typing import Any

import pytest

from services.assessment.domain.paperfile import PAPER_FILE
from services.assessment.domain.workflow import State
from services.assessment.models import Assessor, Centre
from shared import clock
from shared.clock import JAKARTA
from shared.security.actor import Actor
from tests.unit.assessment.scene import SCHEME, Scene, account, person
from tests.unit.assessment.web import Web


def shows(web: Web, actor: Actor, path: str, *words: str) -> str:
    answer = web.open(actor, path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200, text
    for word in words:
        assert word in text
    return text


def sends(web: Web, actor: Actor, path: str, fields: dict[str, Any]) -> str:
    """The page a form leads to."""
    answer = web.send(actor, path, fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def at(hours: float = 0) -> str:
    """As a browser's field for date and time sends it."""
    return f"{(clock.now() + timedelta(hours=hours)).astimezone(JAKARTA):%Y-%m-%dT%H:%M}"


def test_a_case_goes_its_way_in_a_browser(web: Web) -> None:
    scene = web.scene
    case = f"/cases/{scene.case_id}"
    shows(web, scene.secretary, "/", "Menunggu asesor", "Asesi Contoh")
    shows(web, scene.secretary, f"{case}/assign", "Asesor Contoh", "telah memverifikasi berkas")
    sends(web, scene.secretary, f"{case}/assign", {"assessor_id": str(scene.assessor.id)})
    bare = shows(web, scene.assessor, case, "Nyatakan ketidakberpihakan")
    assert "Berkas asesi" not in bare
    no = dict.fromkeys(("family", "superior_or_subordinate", "same_work_unit", "trainer"), "false")
    assert web.send(scene.assessor, f"{case}/declaration", {"family": "false"}).status_code == 422
    sends(web, scene.assessor, f"{case}/declaration", no)
    shows(web, scene.assessor, case, "Berkas asesi", "Ijazah")
    sends(web, scene.assessor, f"{case}/appointment", {"at": at(1), "place": "Ruang contoh"})
    findings = {f"checks.{i}.document_id": str(each) for i, each in enumerate(scene.documents)}
    for i, _ in enumerate(scene.documents):
        findings |= {f"checks.{i}.{quality}": "true" for quality in ("valid", "authentic", "current", "sufficient")}
    sends(web, scene.assessor, f"{case}/findings", findings)
    fields: dict[str, Any] = findings | {
        "explanations": ["process", "context", "standard", "self_assessment", "appeal"],
        "briefings": ["rules", "ethics", "safety"],
    }
    for i, unit in enumerate(scene.units):
        fields |= {f"plan.{i}.unit": unit, f"plan.{i}.approach": "uji", f"plan.{i}.methods": ["written"]}
    refused = web.send(scene.assessor, f"{case}/plan", fields)
    assert refused.status_code == 422
    assert "paling sedikit satu perangkat" in refused.get_data(as_text=True)
    tools = {f"plan.{i}.tools": "FR.IA.05 contoh\r\nFR.IA.07 contoh" for i, _ in enumerate(scene.units)}
    sends(web, scene.assessor, f"{case}/plan", fields | tools)
    shows(web, scene.assessor, f"{case}/findings", "FR.IA.05 contoh\nFR.IA.07 contoh")
    shows(web, scene.candidate, case, "Saya setuju", "FR.IA.05 contoh, FR.IA.07 contoh")
    sends(web, scene.candidate, f"{case}/agreement", {})
    times = {"starts_at": at(), "ends_at": at(2)}
    seating = sends(web, scene.secretary, "/sittings/new", {"centre_id": str(scene.centre.id), **times})
    seating = seating.removeprefix("/assessment")
    shows(web, scene.secretary, seating, "Asesi Contoh")
    assert web.send(scene.secretary, seating, {}).status_code == 422
    sitting = sends(web, scene.secretary, seating, {"case_ids": [str(scene.case_id)]}).removeprefix("/assessment")
    for path in (sitting, f"{sitting}/attendance", "/sittings"):
        shows(web, scene.secretary, path, "TUK Contoh")
        shows(web, scene.assessor, path, "TUK Contoh")
    shows(web, scene.secretary, f"{sitting}/move", times["starts_at"])
    shows(web, scene.candidate, case, "Yang dibawa asesi", "Meterai Rp10.000")
    assert web.send(scene.assessor, f"{case}/confirmation", {}).status_code == 422
    ticks = {f"checklist.{item.code}": "present" for item in PAPER_FILE}
    sends(web, scene.assessor, f"{case}/confirmation", ticks)
    sends(web, scene.candidate, f"{case}/readiness", {})
    shows(web, scene.assessor, f"{case}/record", "Tes tertulis")
    record: dict[str, Any] = {}
    for i, unit in enumerate(scene.units):
        cell = {f"judgements.{i}.unit": unit, f"judgements.{i}.method": "written"}
        record |= cell if i == 0 else cell | {f"judgements.{i}.judgement": "K"}
    sends(web, scene.assessor, f"{case}/record", record)
    assert scene.case.state is State.READY
    extra = {"further_evidence.0.unit": scene.units[0], "further_evidence.0.title": "Foto contoh"}
    sends(web, scene.assessor, f"{case}/record", record | extra | {"judgements.0.judgement": "BK"})
    shows(web, scene.assessor, f"{case}/recommendation", "Menurut catatan: Belum kompeten (BK)")
    rows: dict[str, Any] = {}
    for i, unit in enumerate(scene.units):
        rows |= {f"units.{i}.unit": unit, f"units.{i}.judgement": "BK" if i == 0 else "K"}
    sends(web, scene.assessor, f"{case}/recommendation", rows)
    shows(web, scene.secretary, case, "Rekomendasi asesor", "Foto contoh")
    found = shows(web, scene.candidate, case)
    assert "Belum kompeten" not in found
    shows(web, scene.secretary, f"{case}/history", "case:recommend")
    shows(web, scene.assessor, "/", "Laporan yang belum dibuat")
    sends(web, scene.assessor, f"{sitting}/report", {"summary": "Berjalan baik (contoh)"})
    shows(web, scene.secretary, sitting, "Berjalan baik (contoh)")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_lists_show_in_both_languages(web: Web, language: str) -> None:
    for path in ("/", "/cases?q=asesi&status=awaiting_assessor", "/sittings", "/assessors?status=valid", "/centres"):
        answer = web.open(web.scene.head, path, language)
        assert answer.status_code == 200
    assert web.open(web.scene.candidate, "/", language).status_code == 200


def test_an_assessor_is_registered_and_changed_in_a_browser(web: Web) -> None:
    scene = web.scene
    newcomer = person("Baru Contoh")
    scene.hear(account(newcomer, roles=["assessor"]))
    shows(web, scene.head, "/assessors/new", "Baru Contoh")
    fields = {"met_number": "MET.9 contoh", "valid_until": "2090-01-01", "schemes": [SCHEME]}
    sends(web, scene.head, "/assessors/new", fields | {"account_id": str(newcomer.id)})
    shows(web, scene.head, f"/assessors/{newcomer.id}", "MET.9 contoh")
    sends(web, scene.head, f"/assessors/{newcomer.id}", fields)
    assert not scene.session.get_one(Assessor, newcomer.id).active


def test_a_centre_is_registered_and_changed_in_a_browser(web: Web) -> None:
    scene = web.scene
    fields = {
        "name": "TUK Baru contoh",
        "kind": "mandiri",
        "address": "Jalan Contoh 2",
        "verified_until": "2090-01-01",
        "capacity": "12",
        "schemes": [SCHEME],
    }
    sends(web, scene.secretary, "/centres/new", fields)
    [centre] = [each for each in scene.session.query(Centre) if each.name == "TUK Baru contoh"]
    shows(web, scene.secretary, f"/centres/{centre.id}", "TUK Baru contoh")
    sends(web, scene.secretary, f"/centres/{centre.id}", fields | {"capacity": "8", "active": "true"})
    assert scene.session.get_one(Centre, centre.id).capacity == 8
    assert web.send(scene.secretary, "/centres/new", fields).status_code == 409


def test_ways_back_ask_for_a_reason(web: Web) -> None:
    scene = web.scene
    case = f"/cases/{scene.case_id}"
    scene.assign()
    scene.clear()
    scene.appoint()
    scene.propose()
    for path in (f"{case}/disagreement", f"{case}/release", f"{case}/return"):
        who = {"disagreement": scene.candidate, "release": scene.secretary, "return": scene.assessor}
        actor = who[path.rsplit("/", 1)[1]]
        shows(web, actor, path, "Alasan")
        assert web.send(actor, path, {}).status_code == 422
    sends(web, scene.candidate, f"{case}/disagreement", {"reason": "mohon tes lisan"})
    shows(web, scene.assessor, f"{case}/findings", "mohon tes lisan")
    back = {"reasons.0.item": "Ijazah", "reasons.0.reason": "tidak terbaca"}
    sends(web, scene.assessor, f"{case}/return", back)
    shows(web, scene.candidate, case, "tidak terbaca")


def test_a_seat_is_found_moved_and_given_up_in_a_browser(web: Web) -> None:
    scene = web.scene
    case = f"/cases/{scene.case_id}"
    scene.to_agreement()
    sitting = scene.sitting()
    scene.session.commit()
    shows(web, scene.secretary, f"{case}/schedule", "0 dari 2 kursi")
    sends(web, scene.secretary, f"{case}/schedule", {"sitting_id": str(sitting.id)})
    other = scene.add_centre("TUK Lain contoh")
    fields = {"centre_id": str(other.id), "starts_at": at(), "ends_at": at(3)}
    scene.session.commit()
    sends(web, scene.secretary, f"/sittings/{sitting.id}/move", fields)
    shows(web, scene.candidate, case, "TUK Lain contoh")
    sends(web, scene.secretary, f"{case}/postponement", {"reason": "sakit (contoh)"})
    shows(web, scene.secretary, f"/sittings/{sitting.id}/cancellation", "Batalkan sesi")
    sends(web, scene.secretary, f"/sittings/{sitting.id}/cancellation", {"reason": "listrik padam (contoh)"})
    assert scene.case.state is State.AGREED


def test_a_candidate_too_early_is_told_so_and_nothing_changes(web: Web) -> None:
    scene: Scene = web.scene
    scene.to_agreement()
    scene.seat(scene.sitting(clock.now() + timedelta(days=2)))
    answer = web.send(scene.candidate, f"/cases/{scene.case_id}/readiness", {})
    assert answer.status_code == 303
    assert scene.case.record is None
