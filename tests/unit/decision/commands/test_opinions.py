"""Keeping out of a case, and speaking on several at once (R1)."""

from uuid import UUID

import pytest

from services.decision.commands import opinions
from services.decision.domain.impartiality import Ground
from services.decision.domain.judging import Opinion
from services.decision.domain.workflow import CaseState
from services.decision.models import OpinionRow
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.security.actor import Actor
from tests.unit.decision.scene import CHAIR, DEPUTY, FIVE, OTHERS, QUALITY, SECRETARY, Scene


def recuse(scene: Scene, meeting_id: UUID, case_id: UUID, who: Actor, ground: Ground = Ground.TRAINER) -> None:
    with scene.database.unit_of_work() as session:
        command = opinions.Recuse(ground=ground, reason="Melatih asesi tahun lalu (contoh)")
        opinions.recuse_member(session, who, meeting_id, case_id, command)


def give(
    scene: Scene, meeting_id: UUID, case_ids: list[UUID], who: Actor, opinion: Opinion = Opinion.AGREES, note: str = ""
) -> opinions.Heard:
    with scene.database.unit_of_work() as session:
        command = opinions.GiveOpinion(case_ids=case_ids, opinion=opinion, note=note)
        return opinions.give_opinion(session, who, meeting_id, command)


def test_who_declared_a_conflict_no_longer_speaks_on_the_case(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    recuse(scene, meeting_id, case_id, QUALITY)
    with pytest.raises(Forbidden) as refusal:
        give(scene, meeting_id, [case_id], QUALITY)
    assert refusal.value.code == "recused"
    with pytest.raises(Conflict):
        recuse(scene, meeting_id, case_id, QUALITY)


def test_a_conflict_declared_late_takes_the_opinion_out(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    recuse(scene, meeting_id, case_id, QUALITY)
    with scene.database.reading() as session:
        assert session.get(OpinionRow, (meeting_id, case_id, QUALITY.id)) is None
    assert scene.state(case_id) is CaseState.DISCUSSED


def test_a_chair_who_declares_a_conflict_hands_the_case_to_the_deputy(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    recuse(scene, meeting_id, case_id, CHAIR, Ground.FAMILY)
    scene.decide(meeting_id, case_id, by=DEPUTY)
    assert scene.decision(case_id).acting_for_chair


def test_a_conflict_found_by_the_system_cannot_be_declared(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    with pytest.raises(Invalid):
        recuse(scene, meeting_id, case_id, QUALITY, Ground.VERIFIER)


def test_one_opinion_counts_for_several_cases_and_skips_the_recused(scene: Scene) -> None:
    first, second, own = scene.case(), scene.case(), scene.case(assessor_id=QUALITY.id)
    meeting_id = scene.call(first, second, own)
    scene.open(meeting_id)
    heard = give(scene, meeting_id, [first, second, own], QUALITY)
    assert set(heard.recorded) == {first, second}
    assert {case_id: refusal.code for case_id, refusal in heard.refused.items()} == {own: "recused"}


def test_the_last_opinion_counts_until_the_decision(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    give(scene, meeting_id, [case_id], QUALITY, Opinion.DIFFERS, "Bukti kurang (contoh)")
    scene.decide(meeting_id, case_id)
    with pytest.raises(Conflict) as refusal:
        give(scene, meeting_id, [case_id], QUALITY)
    assert refusal.value.code == "case-decided"
    assert '"opinion":"differs"' in scene.decision(case_id).file


def test_only_members_who_are_present_speak(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    with pytest.raises(Conflict):
        give(scene, meeting_id, [case_id], QUALITY)
    scene.open(meeting_id, present=[actor for actor in FIVE.values() if actor is not QUALITY])
    with pytest.raises(Forbidden) as refusal:
        give(scene, meeting_id, [case_id], QUALITY)
    assert refusal.value.code == "not-present"
    with pytest.raises(Forbidden):
        give(scene, meeting_id, [case_id], SECRETARY)


def test_a_case_of_another_meeting_is_not_found(scene: Scene) -> None:
    case_id, elsewhere = scene.case(), scene.case()
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    with pytest.raises(NotFound):
        give(scene, meeting_id, [case_id, elsewhere], OTHERS[0])
