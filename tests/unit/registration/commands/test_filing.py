from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from services.registration.commands import applications, filing
from services.registration.commands.applications import SaveDraft, StartApplication
from services.registration.commands.filing import FileApplication
from services.registration.domain.workflow import State
from services.registration.models import Application, PeriodQuota
from shared import clock
from shared.database.unit import Database
from shared.errors import Conflict, Invalid
from tests.schema import create_tables
from tests.unit.registration.files import SCHEME, SIGNED, actor, draft, filed, period
from tests.unit.registration.forms import FILLED, form
from tests.unit.registration.people import noted, told

ME = actor()


def refused(session: Session, application: Application, command: FileApplication = SIGNED) -> Invalid | Conflict:
    """The refusal; nothing of the draft has changed."""
    session.flush()
    with pytest.raises((Invalid, Conflict)) as caught:
        filing.file_application(session, ME, application.id, command)
    assert not session.dirty
    assert application.state is State.DRAFT
    assert str(application.id) not in [fact["application_id"] for fact in told(session, "application_filed")]
    found = caught.value
    assert isinstance(found, Invalid | Conflict)
    return found


def test_filing_tells_the_others_and_keeps_the_round(session: Session) -> None:
    application = filed(session, ME)
    assert application.state is State.FILED
    assert application.path == "a"
    (fact,) = told(session, "application_filed")
    assert (fact["round"], fact["scheme_id"], fact["scheme_version"]) == (1, SCHEME, "2026.1")
    assert fact["period_id"] == str(application.period_id)
    (kept,) = application.rounds
    assert kept.signature == "Sari Contoh"
    assert len(kept.document_ids) == 3
    assert "application:file" in [action for action, _, _ in noted(session)]


def test_the_told_facts_hold_no_identity_number(session: Session) -> None:
    filed(session, ME)
    assert "3175014505900001" not in str(told(session, "application"))
    assert "3175014505900001" not in str(noted(session))


def test_filing_counts_a_place(session: Session) -> None:
    application = filed(session, ME)
    quota = session.get(PeriodQuota, (application.period_id, SCHEME), populate_existing=True)
    assert quota is not None
    assert (quota.taken, quota.left) == (1, 9)


def test_without_an_open_period_for_the_scheme_nothing_can_be_filed(session: Session) -> None:
    period(session, scheme="promosi-perpustakaan")
    period(session, opens_on=clock.today() + timedelta(days=1))
    assert refused(session, draft(session, ME)).code == "no-open-period"


def test_a_full_quota_is_told_as_such(session: Session) -> None:
    period(session, quota=1)
    other = actor(name="Budi Contoh")
    first = draft(session, other, personal={"name": "Budi Contoh", "nik": "3175010505900002"})
    filing.file_application(session, other, first.id, FileApplication(signature="Budi Contoh", statement=True))
    assert refused(session, draft(session, ME)).code == "quota-full"


def test_the_period_that_closes_first_is_taken_first(session: Session) -> None:
    later = period(session, closes_on=clock.today() + timedelta(days=60))
    sooner = period(session, closes_on=clock.today())
    application = filing.file_application(session, ME, draft(session, ME).id, SIGNED)
    assert application.period_id == sooner.id
    assert application.period_id != later.id


def test_an_incomplete_form_is_refused_field_by_field(session: Session) -> None:
    period(session)
    found = refused(session, draft(session, ME, personal={"phone": ""}, purpose=""))
    assert set(found.fields) == {"personal.phone", "purpose"}


def test_who_meets_no_path_is_told_what_is_missing_for_each(session: Session) -> None:
    period(session)
    school = [{"level": "SLTA", "institution": "SMA Contoh", "year": 2008}]
    gap = [
        {**FILLED["work"][0], "since": "2023-01-01", "until": "2024-03-31"},
        {**FILLED["work"][0], "since": "2024-09-01", "until": "2025-06-30"},
    ]
    application = draft(session, ME, ("photo", "diploma", "work_evidence"), education=school, work=gap)
    found = refused(session, application)
    assert found.code == "not-eligible"
    assert [path["path"] for path in found.details["paths"]] == ["a", "b", "c"]
    assert [one["code"] for one in found.details["paths"][2]["missing"]] == ["work"]


def test_a_missing_photo_is_refused(session: Session) -> None:
    period(session)
    assert "documents.photo" in refused(session, draft(session, ME, ("diploma", "transcript"))).fields


def test_requirements_must_have_been_shown(session: Session) -> None:
    period(session)
    application = draft(session, ME)
    application.shown_version = "2020.1/layanan-dasar/2020.1"
    assert refused(session, application).code == "requirements-not-shown"


@pytest.mark.parametrize(
    "command",
    [FileApplication(signature="", statement=True), FileApplication(signature="Sari Contoh", statement=False)],
)
def test_an_unsigned_application_is_refused(session: Session, command: FileApplication) -> None:
    period(session)
    assert refused(session, draft(session, ME), command).code == "not-signed"


def test_a_filed_application_cannot_be_filed_again(session: Session) -> None:
    application = filed(session, ME)
    with pytest.raises(Conflict) as caught:
        filing.file_application(session, ME, application.id, SIGNED)
    assert caught.value.code == "application-not-draft"


def test_one_nik_is_one_person(session: Session) -> None:
    filed(session, actor())
    found = refused(session, draft(session, ME))
    assert found.code == "nik-taken"
    assert set(found.fields) == {"personal.nik"}


def test_the_same_person_may_apply_again_and_correct_the_nik(session: Session) -> None:
    first = filed(session, ME)
    applications.withdraw_application(session, ME, first.id)
    again = filing.file_application(session, ME, draft(session, ME).id, SIGNED)
    assert again.state is State.FILED
    applications.withdraw_application(session, ME, again.id)
    corrected = draft(session, ME, personal={"nik": "3175014505900009"})
    assert filing.file_application(session, ME, corrected.id, SIGNED).state is State.FILED
    other = actor()
    freed = filing.file_application(session, other, draft(session, other).id, SIGNED)
    assert freed.state is State.FILED


def test_who_files_an_older_version_is_told(session: Session) -> None:
    period(session)
    application = draft(session, ME)
    stale = FileApplication(signature="Sari Contoh", statement=True, version=application.version - 1)
    assert refused(session, application, stale).code == "changed-meanwhile"


def test_an_application_is_filed_under_the_version_in_force(session: Session) -> None:
    period(session)
    application = draft(session, ME)
    application.scheme_version = "2019.1"
    session.flush()
    assert filing.file_application(session, ME, application.id, SIGNED).scheme_version == "2026.1"


def test_two_filings_of_one_draft_have_one_winner(data_dir: Path) -> None:
    """On a file, as replicas would: the second one finds that the version it read is gone, or the state changed."""
    database = Database("registration", f"sqlite:///{data_dir / 'r.sqlite3'}")
    create_tables(database)
    with database.unit_of_work() as session:
        period(session)
        application_id = draft(session, ME).id
    with database.reading() as slow:
        stale = slow.get_one(Application, application_id)
    with database.unit_of_work() as fast:
        filing.file_application(fast, ME, application_id, SIGNED)
    with database.unit_of_work() as slow:
        slow.add(stale)
        stale.state = State.FILED
        with pytest.raises(StaleDataError):
            slow.flush()
        slow.rollback()
    with database.unit_of_work() as session, pytest.raises(Conflict):
        filing.file_application(session, ME, application_id, SIGNED)
    database.close()


def test_filing_needs_few_statements(database: Database) -> None:
    with database.unit_of_work() as session:
        period(session)
        application_id = draft(session, ME).id
    statements: list[str] = []

    def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement.split()[0])

    event.listen(database.engine, "before_cursor_execute", count)
    with database.unit_of_work() as session:
        filing.file_application(session, ME, application_id, SIGNED)
    assert statements.count("SELECT") == 2  # all it looks at, and whose the NIK is: that is known once it is decrypted
    assert statements.count("UPDATE") == 2
    assert statements.count("INSERT") == 5


def test_a_draft_that_was_refused_can_be_mended_and_filed(session: Session) -> None:
    period(session)
    application = draft(session, ME, purpose="")
    refused(session, application)
    applications.save_application(session, ME, application.id, SaveDraft(form=form()))
    session.flush()
    assert filing.file_application(session, ME, application.id, SIGNED).round == 1


def test_a_start_without_anything_else_is_far_from_filing(session: Session) -> None:
    application = applications.start_application(session, ME, StartApplication(scheme_id=SCHEME))
    assert len(refused(session, application).fields) >= 10
