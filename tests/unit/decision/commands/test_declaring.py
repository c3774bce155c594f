"""Nothing of a case opens, and nobody speaks on it, before the declaration (R1, R7, R12)."""

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.decision.commands import declaring, looking, opinions
from services.decision.domain.deviations import DeviationKind
from services.decision.domain.impartiality import Ground
from services.decision.domain.judging import Opinion
from services.decision.models import DecisionCase, SubmittedFile
from services.decision.queries.dossier import list_readings
from services.decision.queries.dossier_content import AlteredContent
from services.decision.queries.dossier_views import DossierView
from shared import clock
from shared.contracts.decision import DossierClosed, DossierOpened
from shared.contracts.involvement import AssessmentPeopleInvolved
from shared.contracts.words import Involvement
from shared.errors import Invalid, NotFound, Refusal
from shared.security.actor import Actor
from tests.unit.decision.files import content_of_record, describe_file, submitted
from tests.unit.decision.scene import (
    AUDITOR,
    BK,
    CANDIDATE,
    CHAIR,
    COMPLAINTS,
    FIVE,
    OTHERS,
    PANEL,
    QUALITY,
    SECOND_ASSESSOR,
    SECRETARY,
    STRANGER,
    UNITS,
    K,
    Scene,
    hear,
    told,
)


def full_case(scene: Scene, **changes: object) -> UUID:
    """A case whose content was told."""
    application = uuid4()
    fact = submitted(application)
    hear(scene.database, fact)
    scene.case({UNITS[0]: K, UNITS[1]: K}, application_id=application, **content_of_record(fact.file_hash), **changes)
    return application


def called(scene: Scene, case_id: UUID) -> UUID:
    meeting_id = scene.call(case_id)
    scene.open(meeting_id, declared=False)
    return meeting_id


def open_file(scene: Scene, who: Actor, case_id: UUID) -> DossierView:
    with scene.database.unit_of_work() as session:
        return looking.open_dossier(session, who, case_id)


def declare(scene: Scene, who: Actor, case_id: UUID, *, no_conflict: bool = True) -> None:
    with scene.database.unit_of_work() as session:
        declaring.declare_no_conflict(session, who, case_id, declaring.Declare(no_conflict=no_conflict))


def code_of(act: object, *args: object) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*args)  # type: ignore[operator]
    return refusal.value.code


def test_silence_is_no_declaration(scene: Scene) -> None:
    case_id = full_case(scene)
    meeting_id = called(scene, case_id)
    for who in FIVE.values():
        assert code_of(open_file, scene, who, case_id) == "declaration-missing"
    for who in OTHERS:
        assert code_of(scene.opine, meeting_id, [case_id], [who]) == "declaration-missing"
    with pytest.raises(Invalid):
        declare(scene, QUALITY, case_id, no_conflict=False)
    assert told(scene.database, DossierOpened) == []
    scene.declare([case_id], *OTHERS)
    scene.opine(meeting_id, [case_id])
    assert code_of(scene.decide, meeting_id, case_id) == "declaration-missing"
    scene.declare([case_id], CHAIR)
    scene.decide(meeting_id, case_id)


def test_an_opinion_on_many_leaves_out_what_was_not_declared(scene: Scene) -> None:
    first, second = full_case(scene), full_case(scene)
    meeting_id = scene.call(first, second)
    scene.open(meeting_id, declared=False)
    scene.declare([second], QUALITY)
    with scene.database.unit_of_work() as session:
        command = opinions.GiveOpinion(case_ids=[first, second], opinion=Opinion.AGREES)
        heard = opinions.give_opinion(session, QUALITY, meeting_id, command)
    assert heard.recorded == [second]
    assert heard.refused[first].code == "declaration-missing"


def test_a_declaration_opens_this_case_to_this_person_alone(scene: Scene) -> None:
    case_id, other = full_case(scene), full_case(scene)
    meeting_id = scene.call(case_id, other)
    scene.open(meeting_id, declared=False)
    declare(scene, QUALITY, case_id)
    declare(scene, QUALITY, case_id)
    assert open_file(scene, QUALITY, case_id).has_file
    assert code_of(open_file, scene, QUALITY, other) == "declaration-missing"
    assert code_of(open_file, scene, CHAIR, case_id) == "declaration-missing"
    assert [fact.person_id for fact in told(scene.database, DossierOpened)] == [QUALITY.id]


def test_who_does_not_sit_on_the_case_opens_nothing(scene: Scene) -> None:
    case_id = full_case(scene)
    for who in (SECRETARY, AUDITOR, CHAIR):
        assert code_of(declare, scene, who, case_id) == "not-on-case"
    for who in (SECOND_ASSESSOR, COMPLAINTS, CANDIDATE, STRANGER):
        with pytest.raises(NotFound):
            declare(scene, who, case_id)


def test_who_is_involved_declares_in_vain(scene: Scene) -> None:
    """R1, R25: the record of all stages is asked, whatever the person says."""
    case_id = full_case(scene, assessor_id=QUALITY.id)
    called(scene, case_id)
    assert code_of(declare, scene, QUALITY, case_id) == "recused"


def test_what_is_learnt_later_closes_the_file(scene: Scene) -> None:
    case_id = full_case(scene)
    called(scene, case_id)
    declare(scene, QUALITY, case_id)
    fact = AssessmentPeopleInvolved(
        application_id=case_id,
        applicant_id=CANDIDATE.id,
        people=[QUALITY.id],
        part=Involvement.PRE_ASSESSED,
        since=clock.now(),
    )
    hear(scene.database, fact)
    assert code_of(open_file, scene, QUALITY, case_id) == "recused"


def test_a_conflict_declared_late_closes_file_and_evidence(scene: Scene) -> None:
    case_id = full_case(scene)
    meeting_id = called(scene, case_id)
    declare(scene, QUALITY, case_id)
    with scene.database.unit_of_work() as session:
        why = opinions.Recuse(ground=Ground.FAMILY, reason="Sepupu asesi (contoh)")
        opinions.recuse_member(session, QUALITY, meeting_id, case_id, why)
    assert code_of(open_file, scene, QUALITY, case_id) == "recused"
    assert [fact.person_id for fact in told(scene.database, DossierClosed)] == [QUALITY.id]


def test_a_panel_opens_the_file_likewise_and_votes_after_that(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    scene.panel(appeal_id, declared=False)
    for who in PANEL:
        assert code_of(open_file, scene, who, case_id) == "declaration-missing"
        assert code_of(scene.vote, appeal_id, who) == "declaration-missing"
        declare(scene, who, case_id)
        assert open_file(scene, who, case_id).case.id == case_id
        scene.vote(appeal_id, who)


def test_the_file_shows_what_deviates_first_and_evidence_beside_each_unit(scene: Scene) -> None:
    case_id = full_case(scene)
    called(scene, case_id)
    declare(scene, QUALITY, case_id)
    found = open_file(scene, QUALITY, case_id)
    assert [one.kind for one in found.deviations] == [
        DeviationKind.RECORD,
        DeviationKind.UNPROVEN,
        DeviationKind.EVIDENCE,
    ]
    assert [unit.unit for unit in found.units] == [UNITS[1], UNITS[0]]
    assert [one.title for one in found.units[1].evidence] == ["Ijazah (contoh)"]
    assert found.evidence[0].address.startswith(f"/registration/dossier/{case_id}/documents/")
    assert ("NIK", "3175********0001") in found.form[0].rows
    assert "cdcdcd" not in found.model_dump_json()  # whether an adjustment was asked for


def test_later_changes_are_other_files_and_alterations_are_not_shown(scene: Scene) -> None:
    """R12: what the officers see is what was recommended on, or nothing."""
    case_id = full_case(scene)
    hear(scene.database, submitted(case_id, describe_file(case_id, signature="Diubah (contoh)")))
    called(scene, case_id)
    declare(scene, QUALITY, case_id)
    assert open_file(scene, QUALITY, case_id).signature == "Asesi (contoh)"
    with scene.database.unit_of_work() as session:
        row = session.get_one(SubmittedFile, open_hash(scene, case_id))
        row.content = json.dumps({**json.loads(row.content), "signature": "Orang lain"})
    with pytest.raises(AlteredContent):
        open_file(scene, QUALITY, case_id)


def open_hash(scene: Scene, case_id: UUID) -> str:
    with scene.database.reading() as session:
        statement = text("SELECT file_hash FROM recommendations")
        return str(session.execute(statement).scalar_one())


def test_a_case_of_before_says_that_it_has_no_content(scene: Scene) -> None:
    case_id = scene.case()
    called(scene, case_id)
    declare(scene, QUALITY, case_id)
    found = open_file(scene, QUALITY, case_id)
    assert (found.has_file, found.has_record, found.form, found.evidence) == (False, False, [], [])
    assert [unit.recommended for unit in found.units] == [K, K, K]


def test_who_read_it_and_when_is_kept(scene: Scene) -> None:
    case_id = full_case(scene)
    called(scene, case_id)
    declare(scene, QUALITY, case_id)
    declare(scene, CHAIR, case_id)
    open_file(scene, QUALITY, case_id)
    with scene.database.reading() as session:
        found = list_readings(session, session.get_one(DecisionCase, case_id))
    assert [(one.name, one.first_at is not None) for one in found] == [(QUALITY.name, True), (CHAIR.name, False)]


def test_the_evidence_closes_to_who_is_replaced_on_a_panel_and_opens_again_with_the_seat(scene: Scene) -> None:
    """R1, R7: the right to the evidence goes with the seat; what was declared stays declared."""
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    scene.panel(appeal_id)
    first, others = PANEL[0], PANEL[1:]
    scene.panel(appeal_id, [SECRETARY, *others], declared=False)
    assert [fact.person_id for fact in told(scene.database, DossierClosed)] == [first.id]
    scene.panel(appeal_id, PANEL, declared=False)
    assert [fact.person_id for fact in told(scene.database, DossierOpened)][-1] == first.id
    assert open_file(scene, first, case_id).case.id == case_id
