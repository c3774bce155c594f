"""No K rests on an assessment whose assessor or centre was not valid on its day (R5, R6), asked when it is decided."""

from datetime import date

import pytest

from services.decision.models import Recommendation
from shared.errors import Conflict
from tests.unit.decision.scene import BK, UNITS, K, Scene

DAY, BEFORE = date(2026, 3, 2), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("known", "code"),
    [({"met_valid_until": BEFORE}, "met-invalid-on-day"), ({"centre_verified_until": BEFORE}, "centre-invalid-on-day")],
)
def test_what_was_not_valid_on_the_day_is_not_decided_k(scene: Scene, known: dict[str, date], code: str) -> None:
    case_id = scene.case({UNITS[0]: K}, **known)
    meeting_id = scene.discussed(case_id)
    with pytest.raises(Conflict) as refusal:
        scene.decide(meeting_id, case_id)
    assert refusal.value.code == code
    scene.decide(meeting_id, case_id, {UNITS[0]: BK}, reason="Asesmen tidak sah pada harinya (contoh)")


def test_a_bk_of_the_assessor_is_not_raised_to_k_either(scene: Scene) -> None:
    case_id = scene.case({UNITS[0]: BK}, met_valid_until=BEFORE)
    meeting_id = scene.discussed(case_id)
    with pytest.raises(Conflict):
        scene.decide(meeting_id, case_id, {UNITS[0]: K})


def test_the_day_itself_counts_and_what_ended_since_does_not(scene: Scene) -> None:
    case_id = scene.case({UNITS[0]: K}, met_valid_until=DAY, centre_verified_until=DAY)
    scene.decide(scene.discussed(case_id), case_id)
    with scene.database.reading() as session:
        row = session.query(Recommendation).filter_by(case_id=case_id).one()
    assert (row.met_valid_until, row.centre_verified_until) == (DAY, DAY)


def test_a_recommendation_from_before_is_decided_as_it_was(scene: Scene) -> None:
    scene.decide(scene.discussed(case_id := scene.case({UNITS[0]: K})), case_id)
