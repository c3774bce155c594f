"""The whole stage through its API, as the demo driver and any other client use it."""

import io
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from services.decision.jobs import jobs
from shared import clock
from shared.access_log import AccessRow, Look
from shared.database.unit import Database
from shared.security.actor import Actor
from shared.settings import settings
from tests.unit.decision.asking import ask
from tests.unit.decision.scene import (
    ADMIN,
    ASSESSOR,
    AUDITOR,
    BK,
    CANDIDATE,
    CHAIR,
    DEPUTY,
    FIVE,
    OTHERS,
    PANEL,
    QUALITY,
    SECRETARY,
    UNITS,
    K,
    Scene,
)
from tests.unit.documents.conformance import failures


def test_the_first_officers_of_a_trial_are_named_over_the_api(
    client: FlaskClient, body: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    since, until = clock.today().isoformat(), (clock.today() + timedelta(days=900)).isoformat()
    people = ask(client, ADMIN, "/appointments/candidates").get_json()["items"]
    assert {one["id"] for one in people} == {str(actor.id) for actor in FIVE.values()}
    empty = ask(client, ADMIN, "/work").get_json()["items"]
    assert {one["office"] for one in empty} == {*FIVE, "deputy"}
    named = [*FIVE.items(), ("deputy", DEPUTY)]
    wanted = {"office": "chair", "account_id": str(CHAIR.id), "since": since, "until": until}
    assert ask(client, ADMIN, "/appointments/proposals", wanted).get_json()["code"] == "nobody-confirms"
    holders = [{"office": office, "account_id": str(actor.id)} for office, actor in named]
    first = {"holders": holders, "since": since, "until": until}
    assert ask(client, ADMIN, "/trial/officers", first).get_json()["code"] == "not-a-trial"
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    settings.cache_clear()
    answer = ask(client, ADMIN, "/trial/officers", first)
    assert answer.status_code == 201, answer.get_json()
    assert ask(client, ADMIN, "/trial/officers", first).get_json()["code"] == "officers-in-office"
    assert len(ask(client, AUDITOR, "/appointments").get_json()["items"]) == 6
    assert ask(client, ADMIN, "/work").get_json()["items"] == []


def takers_of_minutes(database: Database) -> list[UUID]:
    """Who has looked at the minutes of a meeting, by the access log."""
    with database.reading() as session:
        return list(session.scalars(select(AccessRow.actor_id).where(AccessRow.look == Look.MINUTES)))


def test_a_meeting_from_call_to_minutes(client: FlaskClient, scene: Scene, database: Database) -> None:
    case_id = str(scene.case())
    assert ask(client, SECRETARY, "/cases?status=awaiting_meeting").get_json()["total"] == 1
    meeting = ask(
        client,
        SECRETARY,
        "/meetings",
        {"at": clock.now().isoformat(), "place": "Ruang rapat (contoh)", "case_ids": [case_id]},
    )
    assert meeting.status_code == 201, meeting.get_json()
    path = f"/meetings/{meeting.get_json()['id']}"
    present = [str(actor.id) for actor in FIVE.values()]
    assert ask(client, SECRETARY, f"{path}/open", {"present": present}).get_json()["state"] == "open"
    for member in FIVE.values():
        assert ask(client, member, f"/cases/{case_id}/declaration", {"no_conflict": True}).status_code == 204
    for member in OTHERS:
        said = ask(client, member, f"{path}/opinions", {"case_ids": [case_id], "opinion": "agrees"})
        assert said.get_json() == {"recorded": [case_id], "refused": []}
    assert [one["kind"] for one in ask(client, CHAIR, "/work").get_json()["items"]] == ["close_meeting", "decide"]
    decided = ask(client, CHAIR, f"{path}/decisions", {"decisions": [{"case_id": case_id}]}).get_json()
    assert (decided["decided_in_meeting"], decided["on_agenda"], decided["refused"]) == (1, 1, [])
    decision = decided["decided"][0]
    assert (decision["judgement"], decision["units"]) == ("K", dict.fromkeys(UNITS, "K"))
    frozen = ask(client, AUDITOR, f"/decisions/{decision['id']}/file").get_json()
    assert sha256(frozen["file"].encode()).hexdigest() == frozen["sha256"] == decision["file_hash"]
    assert ask(client, SECRETARY, f"{path}/minutes").status_code == 409
    assert takers_of_minutes(database) == []
    assert ask(client, SECRETARY, f"{path}/close", {"note": "Selesai 😀 (contoh)"}).get_json()["state"] == "closed"
    jobs.run_due(database)
    minutes = ask(client, AUDITOR, f"{path}/minutes")
    assert takers_of_minutes(database) == [AUDITOR.id]
    assert minutes.content_type == "application/pdf"
    assert failures(minutes.data) == []
    assert sha256(minutes.data).hexdigest() == ask(client, AUDITOR, path).get_json()["minutes_sha256"]
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(minutes.data)).pages)
    for words in (decision["decree_number"], CANDIDATE.name, "Setuju dengan rekomendasi", "[U+1F600]"):
        assert words in printed


def test_one_case_is_decided_by_its_own_address(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    path = f"/meetings/{meeting_id}/cases/{case_id}/decision"
    refused = ask(client, CHAIR, path, {"units": {UNITS[0]: "BK"}})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "reason-missing")
    assert [one["field"] for one in refused.get_json()["errors"]] == ["reason"]
    done = ask(client, CHAIR, path, {"units": {UNITS[0]: "BK"}, "reason": "Bukti kurang (contoh)"})
    assert (done.status_code, done.get_json()["judgement"]) == (201, "BK")
    assert ask(client, CHAIR, path, {}).status_code == 409


def test_an_appeal_from_filing_to_reassessment(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K, UNITS[1]: BK})
    own = ask(client, CANDIDATE, f"/my/cases/{case_id}").get_json()
    assert [unit["unit"] for unit in own["appealable"]] == [UNITS[1]]
    filed = ask(client, CANDIDATE, f"/my/cases/{case_id}/appeal", {"units": [UNITS[1]], "reasons": "Alasan (contoh)"})
    assert filed.status_code == 201, filed.get_json()
    told = filed.get_json()["decisions"][0]["appeal"]
    assert [step["step"] for step in told["steps"]] == ["received", "acknowledged"]
    path = f"/appeals/{told['id']}"
    involved = ask(client, QUALITY, f"{path}/panel", {"panel": [str(ASSESSOR.id), *_ids(PANEL[:2])]})
    assert involved.status_code == 409
    assert involved.get_json()["details"]["refused"][0]["grounds"] == ["assessor"]
    offered = {one["id"] for one in ask(client, QUALITY, f"{path}/candidates").get_json()["items"]}
    assert offered == {str(SECRETARY.id), *_ids(PANEL)}
    assert ask(client, QUALITY, f"{path}/panel", {"panel": _ids(PANEL)}).get_json()["state"] == "in_review"
    for member in PANEL:
        assert ask(client, member, f"/cases/{case_id}/declaration", {"no_conflict": True}).status_code == 204
        answer = ask(client, member, f"{path}/votes", {"vote": "uphold", "reasons": "Bukti cukup (contoh)"})
        assert answer.status_code == 200
    assert [one["kind"] for one in ask(client, PANEL[0], "/work").get_json()["items"]] == ["conclude"]
    ended = ask(client, PANEL[0], f"{path}/outcome", {"reasons": "Bukti tidak dilihat (contoh)"}).get_json()
    assert ended["state"] == "upheld"
    own = ask(client, CANDIDATE, f"/my/cases/{case_id}").get_json()
    assert (own["state"], own["attempt"], own["appealable"]) == ("reassessment_ordered", 1, [])
    steps = [step["step"] for step in own["decisions"][0]["appeal"]["steps"]]
    assert steps == ["received", "acknowledged", "panel_named", "outcome", "ended"]


def test_an_assessor_sees_the_outcome_of_own_recommendations_and_no_appeal(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    scene.appeal(case_id, [UNITS[0]])
    (outcome,) = ask(client, ASSESSOR, "/recommendations").get_json()["items"]
    assert outcome["decided"] == {UNITS[0]: "BK"}
    assert "appeal" not in str(outcome)
    assert ask(client, PANEL[0], "/recommendations").get_json()["items"] == []


def test_bad_input_is_refused_with_its_fields(client: FlaskClient, scene: Scene) -> None:
    answer = ask(client, SECRETARY, "/meetings", {"at": "kemarin", "place": "", "lain": 1})
    assert answer.status_code == 422
    assert {one["field"] for one in answer.get_json()["errors"]} == {"at", "place", "lain"}
    past = {"at": "2020-01-01T09:00:00+07:00", "place": "Ruang (contoh)"}
    assert {one["field"] for one in ask(client, SECRETARY, "/meetings", past).get_json()["errors"]} == {"at"}


def _ids(actors: list[Actor]) -> list[str]:
    return [str(actor.id) for actor in actors]
