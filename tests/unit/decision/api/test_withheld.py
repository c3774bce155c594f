"""R1: who keeps out of a case sees that it is there, and neither what is recommended nor what is said on it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.decision.jobs import jobs
from shared import clock
from shared.contracts.words import Judgement
from shared.database.unit import Database
from shared.security.actor import Actor
from tests.unit.decision.asking import ask, bearer
from tests.unit.decision.scene import AUDITOR, BK, CHAIR, FIVE, OTHERS, SECRETARY, UNITS, K, Scene

TOWARDS_BK = {**dict.fromkeys(UNITS, K), UNITS[-1]: BK}


def call(client: FlaskClient, case_id: str) -> str:
    """A meeting with everybody present on this one case; its path."""
    body = {"at": clock.now().isoformat(), "place": "Ruang rapat (contoh)", "case_ids": [case_id]}
    path = f"/meetings/{ask(client, SECRETARY, '/meetings', body).get_json()['id']}"
    assert (
        ask(client, SECRETARY, f"{path}/open", {"present": [str(one.id) for one in FIVE.values()]}).status_code == 200
    )
    return path


def keep_out(client: FlaskClient, path: str, case_id: str, actor: Actor) -> None:
    declared = {"ground": "family", "reason": "Sepupu (contoh)"}
    assert ask(client, actor, f"{path}/cases/{case_id}/recusals", declared).status_code == 201


def declare(client: FlaskClient, case_id: str, member: Actor) -> None:
    assert ask(client, member, f"/cases/{case_id}/declaration", {"no_conflict": True}).status_code == 204


def speak(client: FlaskClient, path: str, case_id: str, *members: Actor) -> None:
    for member in members:
        declare(client, case_id, member)
        said = {"case_ids": [case_id], "opinion": "agrees", "note": "Sependapat (contoh)"}
        assert ask(client, member, f"{path}/opinions", said).status_code == 200


def seen(client: FlaskClient, actor: Actor, path: str, case_id: str) -> list[Any]:
    """What this person is shown of the case: on its own, and in its meeting."""
    case = ask(client, actor, f"/cases/{case_id}").get_json()
    (item,) = ask(client, actor, path).get_json()["items"]
    return [
        (case["recommendations"], case["opinions"], {unit["unit"]: unit["recommended"] for unit in case["units"]}),
        (item["assessor_note"], item["opinions"], {unit["unit"]: unit["recommended"] for unit in item["units"]}),
    ]


def test_an_officer_who_keeps_out_sees_no_recommendation_and_no_opinion(client: FlaskClient, scene: Scene) -> None:
    case_id, out = str(scene.case(TOWARDS_BK)), OTHERS[0]
    path = call(client, case_id)
    keep_out(client, path, case_id, out)
    speak(client, path, case_id, *OTHERS[1:])
    nothing = dict.fromkeys(UNITS)
    assert seen(client, out, path, case_id) == [([], [], nothing), ("", [], nothing)]
    for other in (OTHERS[1], CHAIR, SECRETARY, AUDITOR):
        shown = seen(client, other, path, case_id)
        assert all(opinions and units == TOWARDS_BK for _, opinions, units in shown), other


def test_what_the_records_show_keeps_it_from_an_officer_who_declared_nothing(client: FlaskClient, scene: Scene) -> None:
    """One who had verified the file finds nothing of what the assessor says, before any meeting opens."""
    case_id = str(scene.case(TOWARDS_BK, verifier_id=OTHERS[0].id))
    case = ask(client, OTHERS[0], f"/cases/{case_id}").get_json()
    assert (case["withheld"], case["recommendations"]) == (True, [])
    assert len(ask(client, OTHERS[1], f"/cases/{case_id}").get_json()["recommendations"]) == 1


@pytest.mark.parametrize("units", [dict.fromkeys(UNITS, K), TOWARDS_BK])
def test_after_the_decision_it_is_shown(client: FlaskClient, scene: Scene, units: dict[str, Judgement]) -> None:
    case_id, out = str(scene.case(units)), OTHERS[0]
    path = call(client, case_id)
    keep_out(client, path, case_id, out)
    speak(client, path, case_id, *OTHERS[1:])
    declare(client, case_id, CHAIR)
    assert ask(client, CHAIR, f"{path}/cases/{case_id}/decision", {"reason": "Sesuai (contoh)"}).status_code == 201
    assert all(opinions and found == units for _, opinions, found in seen(client, out, path, case_id))


def test_minutes_that_tell_of_an_undecided_case_wait_for_who_keeps_out(
    client: FlaskClient, scene: Scene, database: Database
) -> None:
    case_id, out = str(scene.case(TOWARDS_BK)), OTHERS[0]
    path = call(client, case_id)
    keep_out(client, path, case_id, out)
    speak(client, path, case_id, OTHERS[1])
    assert ask(client, SECRETARY, f"{path}/close", {"note": ""}).status_code == 200
    jobs.run_due(database)
    refused = ask(client, out, f"{path}/minutes")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "recused")
    assert ask(client, OTHERS[1], f"{path}/minutes").data.startswith(b"%PDF")


def test_pages_say_why_nothing_is_shown(client: FlaskClient, scene: Scene) -> None:
    case_id, out = str(scene.case(TOWARDS_BK)), OTHERS[0]
    path = call(client, case_id)
    keep_out(client, path, case_id, out)
    speak(client, path, case_id, OTHERS[1])
    for page in (f"/decision/cases/{case_id}", f"/decision{path}/cases/{case_id}"):
        text = look(client, out, page)
        assert "tidak ditampilkan kepada Anda" in text
        assert "Sependapat (contoh)" not in text
    assert "Sependapat (contoh)" in look(client, CHAIR, f"/decision{path}/cases/{case_id}")


def look(client: FlaskClient, actor: Actor, page: str) -> str:
    return client.get(page, headers=bearer(actor)).get_data(as_text=True)
