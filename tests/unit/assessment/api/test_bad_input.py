"""What does not fit is refused with the field's name, and changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from services.assessment.domain.workflow import State
from shared import clock
from tests.unit.assessment.web import Web


def errors(answer: Any) -> set[str]:
    return {each["field"] for each in answer.json["errors"]}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/cases/{case}/assign", {}, "assessor_id"),
        ("/cases/{case}/assign", {"assessor_id": "x"}, "assessor_id"),
        ("/cases/{case}/assign", {"assessor_id": "{assessor}", "planned_on": "0001-01-01"}, "planned_on"),
        ("/cases/{case}/assign", {"assessor_id": "{assessor}", "planned_on": "9999-12-31"}, "planned_on"),
        ("/cases/{case}/assign", {"assessor_id": "{assessor}", "urgent": True}, "urgent"),
        ("/cases/{case}/release", {"reason": "   "}, "reason"),
        ("/cases/{case}/appointment", {"at": "0001-01-01T00:00:00Z", "place": "x"}, "at"),
        ("/cases/{case}/appointment", {"at": "9999-12-31T23:59:59-12:00", "place": "x"}, "at"),
        ("/cases/{case}/appointment", {"at": "besok", "place": ""}, "place"),
        ("/sittings", {"centre_id": "{centre}", "starts_at": "2030-01-01T09:00", "ends_at": 5e15}, "ends_at"),
        ("/centres", {"capacity": 0}, "capacity"),
    ],
)
def test_a_field_that_does_not_fit_is_named(web: Web, path: str, body: dict[str, Any], field: str) -> None:
    scene = web.scene
    at = {"case": str(scene.case_id), "assessor": str(scene.assessor.id), "centre": str(scene.centre.id)}
    filled = {key: value.format(**at) if isinstance(value, str) else value for key, value in body.items()}
    answer = web.ask(scene.secretary, "POST", path.format(**at), filled)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert field in errors(answer)
    assert scene.case.state is State.AWAITING_ASSESSOR


def test_a_moment_without_a_zone_is_read_as_jakarta_time(web: Web) -> None:
    scene = web.scene
    day = clock.today() + timedelta(days=10)
    body = {"centre_id": str(scene.centre.id), "starts_at": f"{day}T09:00", "ends_at": f"{day}T12:00"}
    found = web.must(scene.secretary, "POST", "/sittings", body)
    assert found["starts_at"] == f"{day}T02:00:00Z"


def test_a_refusal_says_the_state_in_the_readers_language(web: Web) -> None:
    scene = web.scene
    scene.assign()
    answer = web.ask(scene.secretary, "POST", f"/cases/{scene.case_id}/assign", {"assessor_id": str(scene.other.id)})
    assert answer.status_code == 409
    assert answer.json is not None
    assert "menunggu pernyataan asesor" in answer.json["detail"]


def test_a_busy_assessor_is_told_with_a_code(web: Web) -> None:
    scene = web.scene
    body = {"assessor_id": str(scene.verifier.id)}
    answer = web.ask(scene.secretary, "POST", f"/cases/{scene.case_id}/assign", body)
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (409, "assessor-is-verifier")
    assert answer.json["details"] == {"obstacles": ["assessor-is-verifier"]}
