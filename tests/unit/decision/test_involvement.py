"""Whoever ever had a hand in a case neither decides it nor hears its appeal, in whatever part and however it ended."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.decision.commands import deciding, opinions, panels
from services.decision.domain.impartiality import Ground
from services.decision.models import OpinionRow, Recusal
from services.decision.queries.panels import list_panel_candidates
from shared import clock
from shared.contracts.involvement import (
    AssessmentPeopleInvolved,
    DecisionPeopleInvolved,
    PeopleInvolved,
    RegistrationPeopleInvolved,
)
from shared.contracts.words import Involvement
from shared.errors import Conflict, Forbidden
from shared.security.actor import Actor
from tests.unit.decision.scene import (
    BK,
    CANDIDATE,
    CHAIR,
    COMPLAINTS,
    FIVE,
    OTHERS,
    PANEL,
    QUALITY,
    SECOND_ASSESSOR,
    THIRD_ASSESSOR,
    UNITS,
    Scene,
    hear,
    told,
)

KEEPING_OUT = [
    (RegistrationPeopleInvolved, Involvement.VERIFIED, Ground.VERIFIER),
    (AssessmentPeopleInvolved, Involvement.ASSIGNED, Ground.ASSESSOR),
    (AssessmentPeopleInvolved, Involvement.PRE_ASSESSED, Ground.ASSESSOR),
    (AssessmentPeopleInvolved, Involvement.ASSESSED, Ground.ASSESSOR),
    (AssessmentPeopleInvolved, Involvement.TIED, Ground.TIED),
    (AssessmentPeopleInvolved, Involvement.TRAINED, Ground.TRAINER),
]


def involve(
    scene: Scene,
    who: Actor,
    part: Involvement,
    case_id: UUID,
    kind: type[PeopleInvolved] = AssessmentPeopleInvolved,
) -> None:
    fact = kind(application_id=case_id, applicant_id=CANDIDATE.id, people=[who.id], part=part, since=clock.now())
    assert hear(scene.database, fact) == 1


def grounds(scene: Scene, meeting_id: UUID, who: Actor) -> list[str]:
    with scene.database.reading() as session:
        which = select(Recusal.ground).where(Recusal.meeting_id == meeting_id, Recusal.member_id == who.id)
        return list(session.scalars(which))


def parts_told(scene: Scene) -> set[tuple[Involvement, UUID]]:
    return {(fact.part, one) for fact in told(scene.database, DecisionPeopleInvolved) for one in fact.people}


@pytest.mark.parametrize(("kind", "part", "ground"), KEEPING_OUT, ids=lambda value: str(getattr(value, "value", "")))
def test_who_had_a_hand_in_the_case_is_kept_out_and_does_not_count(
    scene: Scene, kind: type[PeopleInvolved], part: Involvement, ground: Ground
) -> None:
    """R1, R25: the head of quality pre-assessed, was released, and sits in the meeting with two others."""
    case_id = scene.case()
    involve(scene, QUALITY, part, case_id, kind)
    meeting_id = scene.call(case_id)
    three = [CHAIR, QUALITY, next(one for one in OTHERS if one is not QUALITY)]
    scene.open(meeting_id, present=three)
    assert grounds(scene, meeting_id, QUALITY) == [ground.value]
    scene.opine(meeting_id, [case_id], [three[2]])
    with pytest.raises(Conflict) as refusal:
        scene.decide(meeting_id, case_id)
    assert refusal.value.code == "no-quorum"


def test_a_tie_once_declared_counts_in_every_later_case_of_the_person(scene: Scene) -> None:
    involve(scene, QUALITY, Involvement.TIED, uuid4())
    meeting_id = scene.call(scene.case())
    scene.open(meeting_id)
    assert grounds(scene, meeting_id, QUALITY) == [Ground.TIED.value]


def test_what_is_told_after_the_opening_counts_at_the_next_act(scene: Scene) -> None:
    """R1 holds at the act: the opinion given before goes, and only the others count."""
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    involve(scene, QUALITY, Involvement.PRE_ASSESSED, case_id)
    scene.decide(meeting_id, case_id)
    assert grounds(scene, meeting_id, QUALITY) == [Ground.ASSESSOR.value]
    with scene.database.reading() as session:
        assert session.get(OpinionRow, (meeting_id, case_id, QUALITY.id)) is None


def test_a_chair_who_verified_does_not_decide_though_the_meeting_is_open(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    involve(scene, CHAIR, Involvement.VERIFIED, case_id, RegistrationPeopleInvolved)
    with pytest.raises(Forbidden) as refusal:
        scene.decide(meeting_id, case_id)
    assert refusal.value.code == "recused"


def test_nobody_is_recused_from_a_case_that_is_decided_or_on_no_agenda_here(scene: Scene) -> None:
    decided, elsewhere = scene.case(), scene.case()
    meeting_id = scene.discussed(decided)
    scene.decide(meeting_id, decided)
    for case_id in (decided, elsewhere):
        involve(scene, QUALITY, Involvement.PRE_ASSESSED, case_id)
    with scene.database.unit_of_work() as session:
        wanted = [deciding.CaseDecision(case_id=case_id) for case_id in (decided, elsewhere)]
        outcome = deciding.decide_cases(session, CHAIR, meeting_id, deciding.Decide(decisions=wanted))
    assert set(outcome.refused) == {decided, elsewhere}
    assert grounds(scene, meeting_id, QUALITY) == []


def test_who_spoke_on_a_case_and_is_involved_since_speaks_no_more(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    involve(scene, QUALITY, Involvement.ASSIGNED, case_id)
    with pytest.raises(Forbidden):
        scene.opine(meeting_id, [case_id], [QUALITY])


def test_a_panel_has_nobody_who_verified_any_round_or_was_ever_assigned(scene: Scene) -> None:
    """R7: offered is nobody of them, and named is refused."""
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    involve(scene, SECOND_ASSESSOR, Involvement.PRE_ASSESSED, case_id)
    involve(scene, COMPLAINTS, Involvement.VERIFIED, case_id, RegistrationPeopleInvolved)
    with scene.database.reading() as session:
        offered = {row.id for row in list_panel_candidates(session, scene.appeal_row(appeal_id))}
    assert not offered & {SECOND_ASSESSOR.id, COMPLAINTS.id}
    assert THIRD_ASSESSOR.id in offered
    with pytest.raises(Conflict) as refusal:
        scene.panel(appeal_id)
    assert refusal.value.code == "panel-not-impartial"


def test_a_panel_member_who_is_involved_since_neither_votes_nor_concludes(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    scene.panel(appeal_id)
    for member in PANEL:
        scene.vote(appeal_id, member)
    involve(scene, SECOND_ASSESSOR, Involvement.TIED, uuid4())
    with pytest.raises(Conflict):
        scene.vote(appeal_id, SECOND_ASSESSOR)
    with pytest.raises(Conflict) as refusal:
        scene.conclude(appeal_id)
    assert refusal.value.code == "panel-not-impartial"


def test_who_sat_who_kept_out_and_who_heard_the_appeal_is_told(scene: Scene) -> None:
    case_id = scene.case({UNITS[0]: BK})
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    with scene.database.unit_of_work() as session:
        why = opinions.Recuse(ground=Ground.FAMILY, reason="Sepupu asesi (contoh)")
        opinions.recuse_member(session, QUALITY, meeting_id, case_id, why)
    scene.opine(meeting_id, [case_id], [one for one in OTHERS if one is not QUALITY])
    scene.decide(meeting_id, case_id)
    scene.panel(appeal_id := scene.appeal(case_id, [UNITS[0]]))
    with scene.database.unit_of_work() as session:
        panels.step_down_from_panel(session, COMPLAINTS, appeal_id, panels.StepDown(reason="Tetangga (contoh)"))
    assert parts_told(scene) == {
        (Involvement.TIED, QUALITY.id),
        *((Involvement.DECIDED, actor.id) for actor in FIVE.values()),
        *((Involvement.HEARD_APPEAL, actor.id) for actor in PANEL),
        (Involvement.TIED, COMPLAINTS.id),
    }
