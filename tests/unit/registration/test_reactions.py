"""What registration does with what it hears: the timeline, the assessor's return, certificates to renew."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.access import is_cleared_for_application
from services.registration.commands import self_assessment
from services.registration.commands.self_assessment import SubmitSelfAssessment
from services.registration.domain.workflow import Stage, State
from services.registration.models import Application
from services.registration.queries import applications as queries
from shared import clock
from shared.contracts import assessment, certificate, decision
from shared.contracts.words import ItemReason, Judgement, UnitJudgement
from shared.messaging.reactions import NotYet
from tests.unit.registration.files import SCHEME, actor, add_document, submitted
from tests.unit.registration.hearing import hear

ME = actor()
NUMBER = "91011 2622 4 000001 2026"


def case(application: Application) -> dict[str, Any]:
    return {"case_id": uuid4(), "application_id": application.id, "applicant_id": ME.id, "attempt": 0}


def state_of(application: Application) -> State:
    return application.state


def stages(session: Session, application: Application) -> list[Stage]:
    session.expire(application)
    return [step.stage for step in queries.view_own_application(session, ME, application.id).timeline]


def test_the_later_stages_join_the_timeline_in_the_order_in_which_they_happened(session: Session) -> None:
    application = submitted(session, ME)
    who, about = {"assessor_id": uuid4(), "assessor_name": "Asesor Contoh"}, case(application)
    at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    hear(session, assessment.PlanAgreed(**about, agreed_at=at), 3, after=3)
    hear(session, assessment.AssessorAssigned(**about, **who), 1, after=1)
    hear(
        session,
        assessment.AssessmentScheduled(**about, **who, place="TUK Contoh", address="Jl. Contoh", at=at, bring=[]),
        4,
        after=4,
    )
    assert stages(session, application) == [
        Stage.FILED,
        Stage.ADMITTED,
        Stage.SELF_ASSESSED,
        Stage.ASSESSOR_ASSIGNED,
        Stage.PLAN_AGREED,
        Stage.SCHEDULED,
    ]
    shown = queries.view_own_application(session, ME, application.id)
    assert shown.stage is Stage.SCHEDULED
    assert shown.timeline[-1].title == "Asesmen dijadwalkan di TUK Contoh, 01-12-2026 09.00 WIB."
    assert shown.next == "Hadiri asesmen dengan membawa berkas tercetak."


def test_a_recommendation_tells_the_applicant_nothing_of_its_content(session: Session) -> None:
    application = submitted(session, ME)
    fact = assessment.AssessmentRecommended(
        **case(application),
        applicant_name="SARI CONTOH",
        scheme_id=SCHEME,
        scheme_version="2026.1",
        scheme_title="Layanan Dasar Perpustakaan",
        units=[UnitJudgement(unit="R.91PRP03.030.1", judgement=Judgement.BK)],
        assessor_id=uuid4(),
        assessor_name="Asesor Contoh",
        verifier_id=uuid4(),
        assessed_on=date(2026, 12, 1),
        place="TUK Contoh",
        note="belum",
        file_hash="0" * 64,
        record_hash="0" * 64,
        renews=None,
    )
    hear(session, fact, after=1)
    step = queries.view_own_application(session, ME, application.id).timeline[-1]
    assert step.stage is Stage.RECOMMENDED
    assert "BK" not in str(step.details)


@pytest.mark.parametrize(("judgement", "stage"), [(Judgement.K, Stage.DECIDED_K), (Judgement.BK, Stage.DECIDED_BK)])
def test_a_decision_is_told(session: Session, judgement: Judgement, stage: Stage) -> None:
    application = submitted(session, ME)
    hear(session, decided(application, judgement), after=1)
    assert stages(session, application)[-1] is stage


def decided(application: Application, judgement: Judgement) -> decision.CertificationDecided:
    now = clock.now()
    return decision.CertificationDecided(
        decision_id=uuid4(),
        application_id=application.id,
        case_id=uuid4(),
        applicant_id=ME.id,
        applicant_name="SARI CONTOH",
        attempt=0,
        scheme_id=SCHEME,
        scheme_version="2026.1",
        scheme_title="Layanan Dasar Perpustakaan",
        units=[UnitJudgement(unit="R.91PRP03.030.1", judgement=judgement)],
        judgement=judgement,
        decree_number="1/contoh",
        decided_by=uuid4(),
        decided_by_name="Ketua Contoh",
        acting_for_chair=False,
        decided_at=now,
        meeting_id=uuid4(),
        file_hash="0" * 64,
        appeal_until=now,
        renews=None,
    )


def test_a_candidate_the_assessor_sent_back_mends_and_sends_again(session: Session) -> None:
    application = submitted(session, ME)
    reasons = [ItemReason(item="Bukti layanan", reason="tidak terbaca")]
    fact = assessment.CandidateReturned(**case(application), assessor_id=uuid4(), reasons=reasons, note="Lengkapi.")
    hear(session, fact, after=1)
    assert state_of(application) is State.RETURNED_BY_ASSESSOR
    extra = add_document(session, ME, application.id, "other")
    session.flush()
    session.expire(application)
    claims = [
        claim.model_copy(update={"evidence": (extra.id,)})
        for claim in self_assessment.read_claims_of(application.self_assessments[-1])
    ]
    self_assessment.save_self_assessment(session, ME, application.id, claims)
    session.flush()
    self_assessment.submit_self_assessment(
        session, ME, application.id, SubmitSelfAssessment(signature="Sari Contoh", statement=True)
    )
    assert state_of(application) is State.SELF_ASSESSED
    assert [one.number for one in application.self_assessments] == [1, 2]


def test_a_return_that_comes_after_a_withdrawal_changes_nothing(session: Session) -> None:
    application = submitted(session, ME)
    application.state = State.WITHDRAWN
    session.flush()
    hear(session, assessment.CandidateReturned(**case(application), assessor_id=uuid4(), reasons=[], note=""))
    assert state_of(application) is State.WITHDRAWN


def test_a_return_for_an_application_not_known_yet_waits(session: Session) -> None:
    fact = assessment.CandidateReturned(
        case_id=uuid4(),
        application_id=uuid4(),
        applicant_id=ME.id,
        attempt=0,
        assessor_id=uuid4(),
        reasons=[],
        note="",
    )
    with pytest.raises(NotYet):
        hear(session, fact)


def test_appeal_and_re_assessment_are_on_the_timeline(session: Session) -> None:
    application = submitted(session, ME)
    appeal = {"appeal_id": uuid4(), "application_id": application.id, "applicant_id": ME.id}
    now = clock.now()
    hear(session, decision.AppealReceived(**appeal, received_at=now, units=["R.91PRP03.030.1"]), 1, after=1)
    hear(session, decision.AppealPanelNamed(**appeal, panel=[uuid4()]), 2, after=2)
    hear(session, decision.AppealDecided(**appeal, upheld=True, reasons="benar", decided_at=now), 3, after=3)
    ordered = decision.ReassessmentOrdered(
        application_id=application.id,
        applicant_id=ME.id,
        attempt=1,
        units=["R.91PRP03.030.1"],
        excluded_assessors=[],
        ordered_at=now,
    )
    hear(session, ordered, 4, after=4)
    assert stages(session, application)[-4:] == [
        Stage.APPEAL_RECEIVED,
        Stage.APPEAL_PANEL_NAMED,
        Stage.APPEAL_UPHELD,
        Stage.REASSESSMENT_ORDERED,
    ]


def test_a_withdrawn_application_stays_withdrawn_whatever_was_under_way(session: Session) -> None:
    application = submitted(session, ME)
    application.state = State.WITHDRAWN
    session.flush()
    hear(session, assessment.PlanAgreed(**case(application), agreed_at=clock.now()), after=9)
    shown = queries.view_own_application(session, ME, application.id)
    assert shown.stage is Stage.WITHDRAWN


def test_documents_of_a_blocked_assessor_stay_closed(session: Session) -> None:
    application = submitted(session, ME)
    about, who = case(application), uuid4()
    hear(session, assessment.AssessorBlocked(**about, assessor_id=who), 2)
    hear(session, assessment.AssessorReleased(**about, assessor_id=who), 3)
    assert not is_cleared_for_application(session, actor(), application.id)


@pytest.mark.parametrize("reason", ["sakit", ""])
def test_a_postponement_and_a_proposal_are_told(session: Session, reason: str) -> None:
    application = submitted(session, ME)
    about = case(application)
    hear(session, assessment.PlanProposed(**about, assessor_name="Asesor Contoh"), 2, after=1)
    hear(session, assessment.AssessmentPostponed(**about, reason=reason), 3, after=2)
    assert stages(session, application)[-2:] == [Stage.PLAN_PROPOSED, Stage.POSTPONED]


def test_pre_assessment_and_agreement_are_told(session: Session) -> None:
    application = submitted(session, ME)
    at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    hear(
        session,
        assessment.PreAssessmentScheduled(**case(application), assessor_name="Asesor", at=at, place="Jakarta"),
        after=1,
    )
    asked = certificate.AgreementRequested(application_id=application.id, holder_id=ME.id, scheme_title="x")
    hear(session, asked, after=2)
    assert stages(session, application)[-2:] == [Stage.PRE_ASSESSMENT_SCHEDULED, Stage.AGREEMENT_REQUESTED]
