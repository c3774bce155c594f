from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import applications, filing, verification
from services.registration.commands.applications import SaveDraft
from services.registration.domain.verification import OTHER_PARTS, Finding, Judged, Verdict
from services.registration.domain.workflow import State
from services.registration.models import Application, PeriodQuota
from shared import clock
from shared.contracts.words import Involvement
from shared.errors import Conflict, Forbidden, Invalid
from shared.involvement.models import InvolvedPerson
from tests.unit.registration.files import SIGNED, actor, add_document, draft, filed, judged, secretariat
from tests.unit.registration.forms import form
from tests.unit.registration.people import noted, told

ME, DESK = actor(), secretariat()


def test_findings_are_kept_and_can_be_corrected(session: Session) -> None:
    application = filed(session, ME)
    verification.judge_items(session, DESK, application.id, [Finding("photo", Verdict.ABSENT, "tidak ada")])
    verification.judge_items(session, DESK, application.id, [Finding("photo", Verdict.ADEQUATE, "ternyata ada")])
    assert application.rounds[0].findings == {"photo": Judged(verdict=Verdict.ADEQUATE, reason="")}
    judged_acts = [entry for entry in noted(session) if entry[0] == "verification:judge"]
    assert judged_acts[1][1] == {"photo": {"verdict": "absent", "reason": "tidak ada"}}


def test_a_complete_file_is_admitted_and_told_with_its_verifier(session: Session) -> None:
    application = filed(session, ME)
    judged(session, DESK, application)
    verification.admit_application(session, DESK, application.id)
    assert application.state is State.ADMITTED
    assert application.verifier_id == DESK.id
    (fact,) = told(session, "application_admitted")
    assert (fact["verifier_id"], fact["path"]) == (str(DESK.id), "a")


def test_a_file_with_an_item_unseen_is_not_admitted(session: Session) -> None:
    application = filed(session, ME)
    verification.judge_items(session, DESK, application.id, [Finding("photo", Verdict.ADEQUATE)])
    with pytest.raises(Conflict) as refused:
        verification.admit_application(session, DESK, application.id)
    assert "items.diploma" in refused.value.fields
    assert application.state is State.FILED


def test_a_file_goes_back_with_reasons_by_item(session: Session) -> None:
    application = filed(session, ME)
    judged(session, DESK, application, transcript="inadequate")
    verification.return_application(session, DESK, application.id, "Perbaiki dalam 7 hari.")
    assert application.state is State.RETURNED
    (fact,) = told(session, "application_returned")
    assert fact["reasons"] == [{"item": "Transkrip nilai", "reason": "buram"}]
    assert fact["note"] == "Perbaiki dalam 7 hari."


def test_a_file_without_a_reason_does_not_go_back(session: Session) -> None:
    application = filed(session, ME)
    judged(session, DESK, application)
    with pytest.raises(Invalid):
        verification.return_application(session, DESK, application.id)
    with pytest.raises(Invalid):
        verification.judge_items(session, DESK, application.id, [Finding("photo", Verdict.INADEQUATE, "")])


def test_each_round_is_kept_with_its_form_and_verdicts(session: Session) -> None:
    application = filed(session, ME)
    judged(session, DESK, application, transcript="inadequate")
    verification.return_application(session, DESK, application.id)
    applications.save_application(session, ME, application.id, SaveDraft(form=form(personal={"address": "Jl. Baru 9"})))
    add_document(session, ME, application.id, "transcript")
    session.flush()
    filing.file_application(session, ME, application.id, SIGNED)
    judged(session, DESK, application)
    verification.admit_application(session, DESK, application.id)
    session.expire(application)
    first, second = application.rounds
    assert (first.outcome, second.outcome) == ("returned", "admitted")
    assert first.form.personal.address == "Jl. Contoh 1"
    assert second.form.personal.address == "Jl. Baru 9"
    assert first.findings["transcript"].verdict == "inadequate"
    assert len(second.document_ids) == len(first.document_ids) + 1
    assert [fact["round"] for fact in told(session, "application_filed")] == [1, 2]


def test_a_file_that_went_back_keeps_its_place_in_the_period(session: Session) -> None:
    application = filed(session, ME)
    judged(session, DESK, application, photo="absent")
    verification.return_application(session, DESK, application.id)
    session.flush()
    filing.file_application(session, ME, application.id, SIGNED)
    period_of = application.period_id
    assert period_of is not None
    quota = session.get(PeriodQuota, (period_of, application.scheme_id), populate_existing=True)
    assert quota is not None
    assert quota.taken == 1


def test_only_a_filed_application_is_verified(session: Session) -> None:
    application = draft(session, ME)
    for act in (verification.admit_application, verification.return_application):
        with pytest.raises(Conflict):
            act(session, DESK, application.id)


@pytest.mark.parametrize("part", list(OTHER_PARTS))
def test_who_has_another_part_in_the_case_does_not_verify_it(session: Session, part: Involvement) -> None:
    """R25; ISO/IEC 17024 4.3."""
    application = filed(session, ME)
    involve(session, application, part)
    with pytest.raises(Forbidden) as refusal:
        verification.judge_items(session, DESK, application.id, [Finding("photo", Verdict.ADEQUATE)])
    assert refusal.value.code == "verifier-involved"
    assert application.rounds[0].findings == {}


def test_who_declared_a_tie_to_the_person_verifies_none_of_their_files(session: Session) -> None:
    application = filed(session, ME)
    involve(session, application, Involvement.TIED, application_id=uuid4())
    with pytest.raises(Forbidden) as refusal:
        verification.judge_items(session, DESK, application.id, [Finding("photo", Verdict.ADEQUATE)])
    assert refusal.value.code == "verifier-tied"


def test_everybody_who_judged_an_item_in_any_round_is_told_once_and_for_ever(session: Session) -> None:
    """One returned round 1, a colleague admitted round 2: both have verified the file (R7, R25)."""
    application, colleague = filed(session, ME), secretariat()
    judged(session, DESK, application, transcript="inadequate")
    verification.return_application(session, DESK, application.id)
    filing.file_application(session, ME, application.id, SIGNED)
    judged(session, DESK, application)
    judged(session, colleague, application)
    verification.admit_application(session, colleague, application.id)
    told_of = [(fact["part"], fact["people"]) for fact in told(session, "people_involved")]
    assert told_of == [("verified", [str(DESK.id)]), ("verified", [str(colleague.id)])]


def involve(session: Session, application: Application, part: Involvement, **changes: Any) -> None:
    session.add(
        InvolvedPerson(
            **{"application_id": application.id} | changes,
            applicant_id=application.applicant_id,
            person_id=DESK.id,
            part=part,
            since=clock.now(),
        )
    )
    session.flush()
