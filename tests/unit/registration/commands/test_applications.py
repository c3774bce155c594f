import pytest
from sqlalchemy.orm import Session

from services.registration.commands import applications
from services.registration.commands.applications import SaveDraft, StartApplication
from services.registration.domain.form import Form, Personal
from services.registration.domain.workflow import State
from services.registration.models import PeriodQuota
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.registration.files import SCHEME, actor, admitted, draft, filed
from tests.unit.registration.forms import form
from tests.unit.registration.people import noted, told

ME = actor()


def test_a_draft_begins_with_what_the_account_knows(session: Session) -> None:
    application = applications.start_application(session, ME, StartApplication(scheme_id=SCHEME))
    assert application.state is State.DRAFT
    assert application.read_form().personal.name == "SARI CONTOH"
    assert application.read_form().personal.email == "sari@contoh.test"
    assert told(session, "application") == []


def test_a_draft_for_an_unknown_scheme_is_refused(session: Session) -> None:
    with pytest.raises(NotFound):
        applications.start_application(session, ME, StartApplication(scheme_id="tidak-ada"))
    with pytest.raises(Invalid):
        applications.start_application(session, ME, StartApplication())


def test_a_half_filled_draft_is_kept_as_it_is(session: Session) -> None:
    application = applications.start_application(session, ME, StartApplication(scheme_id=SCHEME))
    half = Form(personal=Personal(name="sari", nik="31"))
    applications.save_application(session, ME, application.id, SaveDraft(form=half))
    session.flush()
    session.expire(application)
    assert application.read_form() == half
    assert application.applicant_name == "SARI"


def test_nik_and_adjustment_are_encrypted_at_rest(session: Session) -> None:
    application = draft(session, ME, adjustment="kursi roda")
    row = session.connection().exec_driver_sql("SELECT * FROM applications").mappings().one()
    assert "3175014505900001" not in str(dict(row))
    assert "kursi roda" not in str(dict(row))
    session.expire(application)
    assert application.read_form().personal.nik == "3175014505900001"
    assert application.read_form().adjustment == "kursi roda"


def test_saving_notes_which_fields_changed_but_not_what_is_in_them(session: Session) -> None:
    draft(session, ME)
    _, _, after = next(entry for entry in noted(session) if entry[0] == "application:save")
    assert {"personal.nik", "education", "work"} <= set(after["changed"])
    assert "3175014505900001" not in str(after)


def test_who_saves_an_older_version_is_told(session: Session) -> None:
    application = draft(session, ME)
    version = application.version
    applications.save_application(session, ME, application.id, SaveDraft(form=form(purpose="other"), version=version))
    session.flush()
    with pytest.raises(Conflict) as refused:
        applications.save_application(session, ME, application.id, SaveDraft(form=form(), version=version))
    assert refused.value.code == "changed-meanwhile"


def test_another_cluster_may_be_chosen_before_filing_and_shows_its_requirements_anew(session: Session) -> None:
    application = draft(session, ME)
    assert application.shown_at is not None
    applications.save_application(session, ME, application.id, SaveDraft(form=form(), scheme_id="promosi-perpustakaan"))
    assert application.scheme_id == "promosi-perpustakaan"
    assert application.shown_at is None


def test_what_was_shown_is_recorded_with_time_and_version(session: Session) -> None:
    application = draft(session, ME)
    assert application.shown_version is not None
    assert application.shown_version.endswith(f"{SCHEME}/2026.1")
    assert "application:show-requirements" in [action for action, _, _ in noted(session)]


def test_a_filed_form_cannot_be_changed(session: Session) -> None:
    application = filed(session, ME)
    with pytest.raises(Conflict) as refused:
        applications.save_application(session, ME, application.id, SaveDraft(form=form()))
    assert refused.value.code == "form-closed"


def test_a_draft_is_withdrawn_in_silence(session: Session) -> None:
    application = applications.withdraw_application(session, ME, draft(session, ME).id)
    assert application.state is State.WITHDRAWN
    assert told(session, "withdrawn") == []


def test_a_filed_application_is_withdrawn_with_its_reason_and_gives_its_place_back(session: Session) -> None:
    application = filed(session, ME)
    applications.withdraw_application(session, ME, application.id, "pindah kerja")
    assert [fact["reason"] for fact in told(session, "withdrawn")] == ["pindah kerja"]
    quota = session.get(PeriodQuota, (application.period_id, SCHEME), populate_existing=True)
    assert quota is not None
    assert quota.taken == 0


def test_an_admitted_application_may_still_be_withdrawn_but_only_once(session: Session) -> None:
    application = admitted(session, ME)
    applications.withdraw_application(session, ME, application.id)
    with pytest.raises(Conflict):
        applications.withdraw_application(session, ME, application.id)
