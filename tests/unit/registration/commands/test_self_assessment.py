import json

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import self_assessment
from services.registration.commands.self_assessment import SubmitSelfAssessment, hash_filed_text, hash_submitted_file
from services.registration.domain.workflow import State
from shared.contracts.registration import SelfAssessmentSubmitted
from shared.contracts.words import Judgement
from shared.errors import Conflict, Invalid
from shared.security.sealing import open_field
from tests.unit.registration.files import actor, admitted, claims_for, filed, secretariat, submitted
from tests.unit.registration.people import noted, told

ME = actor()
SIGNED = SubmitSelfAssessment(signature="Sari Contoh", statement=True)


def test_it_opens_only_after_admission(session: Session) -> None:
    application = filed(session, ME)
    with pytest.raises(Conflict) as refused:
        self_assessment.save_self_assessment(session, ME, application.id, [])
    assert refused.value.code == "self-assessment-not-open"


def test_a_draft_may_be_half_filled(session: Session) -> None:
    application = admitted(session, ME)
    self_assessment.save_self_assessment(session, ME, application.id, claims_for(application)[:2])
    assert [claim.claim for claim in application.self_assessments[0].claims] == ["K", "K", None, None, None, None]
    with pytest.raises(Invalid):
        self_assessment.submit_self_assessment(session, ME, application.id, SIGNED)
    assert application.state is State.ADMITTED


def test_every_k_needs_evidence(session: Session) -> None:
    application = admitted(session, ME)
    claims = [claim.model_copy(update={"evidence": ()}) for claim in claims_for(application)]
    self_assessment.save_self_assessment(session, ME, application.id, claims)
    with pytest.raises(Invalid) as refused:
        self_assessment.submit_self_assessment(session, ME, application.id, SIGNED)
    assert "claims.0.evidence" in refused.value.fields


def test_nothing_saved_cannot_be_submitted(session: Session) -> None:
    application = admitted(session, ME)
    with pytest.raises(Invalid):
        self_assessment.submit_self_assessment(session, ME, application.id, SIGNED)


def test_unsigned_it_is_refused(session: Session) -> None:
    application = admitted(session, ME)
    self_assessment.save_self_assessment(session, ME, application.id, claims_for(application))
    for command in (
        SubmitSelfAssessment(signature="Orang Lain", statement=True),
        SubmitSelfAssessment(signature="Sari Contoh", statement=False),
    ):
        with pytest.raises(Invalid):
            self_assessment.submit_self_assessment(session, ME, application.id, command)


def test_submitting_tells_the_whole_file(session: Session) -> None:
    verifier = secretariat()
    application = admitted(session, ME, verifier, adjustment="kursi roda")
    self_assessment.save_self_assessment(session, ME, application.id, claims_for(application))
    session.flush()
    self_assessment.submit_self_assessment(session, ME, application.id, SIGNED)
    (fact,) = told(session, "self_assessment_submitted")
    assert application.state is State.SELF_ASSESSED
    assert fact["verifier_id"] == str(verifier.id)
    assert fact["applicant_name"] == "SARI CONTOH"
    assert "kursi" not in str(fact)
    assert open_field(SelfAssessmentSubmitted, "adjustment_note", fact["adjustment_note"]) == "kursi roda"
    assert {document["kind"] for document in fact["documents"]} == {"photo", "diploma", "transcript"}
    assert {claim["claim"] for claim in fact["claims"]} == {"K"}
    assert len(fact["units"]) == 3
    assert "self-assessment:submit" in [action for action, _, _ in noted(session)]


def test_the_hash_is_that_of_the_file_as_kept(session: Session) -> None:
    application = submitted(session, ME)
    kept = application.self_assessments[0]
    session.flush()
    session.expire(kept)
    assert kept.file is not None
    assert kept.file_hash == hash_submitted_file(kept.file)
    assert "3175014505900001" not in str(kept.file)


def test_the_officers_are_told_the_content_that_the_hash_is_of(session: Session) -> None:
    """R12: they decide on the file as submitted; its NIK they read masked, what was asked of adjustments not at all."""
    application = submitted(session, ME, adjustment="kursi roda")
    (fact,) = told(session, "self_assessment_submitted")
    content = open_field(SelfAssessmentSubmitted, "file", fact["file"])
    assert hash_filed_text(content) == fact["file_hash"] == application.self_assessments[0].file_hash
    assert json.loads(content)["form"]["personal"]["name"] == "SARI CONTOH"
    assert "3175014505900001" not in content
    assert "kursi" not in content
    assert "SARI" not in fact["file"]
    assert open_field(SelfAssessmentSubmitted, "nik_shown", fact["nik_shown"]) == "3175********0001"


def test_what_is_all_bk_needs_no_evidence(session: Session) -> None:
    application = admitted(session, ME)
    self_assessment.save_self_assessment(session, ME, application.id, claims_for(application, Judgement.BK))
    assert self_assessment.submit_self_assessment(session, ME, application.id, SIGNED).state is State.SELF_ASSESSED


def test_a_submitted_one_cannot_be_changed(session: Session) -> None:
    application = submitted(session, ME)
    with pytest.raises(Conflict):
        self_assessment.save_self_assessment(session, ME, application.id, claims_for(application))
    with pytest.raises(Conflict):
        self_assessment.submit_self_assessment(session, ME, application.id, SIGNED)


def test_who_saves_an_older_version_is_told(session: Session) -> None:
    application = admitted(session, ME)
    session.flush()
    version = application.version
    self_assessment.save_self_assessment(session, ME, application.id, claims_for(application), version)
    session.flush()
    with pytest.raises(Conflict):
        self_assessment.save_self_assessment(session, ME, application.id, claims_for(application), version)
