"""From what is heard to what is written."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.notification.letters import LETTERS, Letter
from services.notification.models import AccountCopy
from services.notification.writing import PLACE_OF_LINK
from shared.contracts.assessment import AssessmentScheduled
from shared.contracts.certificate import AgencyWebhookStopped
from shared.contracts.decision import AppealPanelNamed, MeetingCalled
from shared.contracts.registration import (
    AccountChanged,
    AccountOpened,
    AccountSecurityChanged,
    ApplicationAdmitted,
    PasswordResetRequested,
    RegistrationRequested,
)
from shared.database.unit import Database
from shared.messaging.models import JobRow
from shared.messaging.reactions import NotYet
from tests.unit.notification.samples import account, hear, mails, sample


def jobs(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(JobRow)) or 0


def test_an_opened_account_is_welcomed_at_its_address(database: Database) -> None:
    hear(database, account())
    [mail] = mails(database)
    assert (mail.letter, mail.to_address, mail.to_name, mail.language) == (
        "account_opened",
        "siti1@contoh.test",
        "Siti Contoh",
        "id",
    )
    assert jobs(database) == 1


@pytest.mark.parametrize("letter", [one for one in LETTERS if one.fact is not AccountOpened], ids=lambda one: one.name)
def test_each_fact_becomes_its_letter(database: Database, letter: Letter) -> None:
    hear(database, account())
    hear(database, sample(letter.fact))
    assert len(mails(database, letter.name)) == 1


def test_who_has_no_account_is_written_to_in_the_language_they_registered_in(database: Database) -> None:
    hear(database, sample(RegistrationRequested, email="baru@contoh.test", language="en"))
    [mail] = mails(database)
    assert (mail.to_address, mail.language, mail.title) == ("baru@contoh.test", "en", "Confirm your address")


def test_who_is_deactivated_is_told_that_and_no_more(database: Database) -> None:
    hear(database, account(active=False))
    hear(database, sample(ApplicationAdmitted))
    hear(database, sample(AccountSecurityChanged, change="deactivated"))
    assert [mail.letter for mail in mails(database)] == ["account_security_changed"]


def test_what_is_heard_before_the_account_waits(database: Database) -> None:
    with pytest.raises(NotYet):
        hear(database, sample(ApplicationAdmitted))
    assert mails(database) == []
    hear(database, account())
    hear(database, sample(ApplicationAdmitted))
    assert len(mails(database, "application_admitted")) == 1


def test_the_same_event_heard_again_writes_nothing_new(database: Database) -> None:
    hear(database, account())
    event_id = uuid4()
    hear(database, sample(ApplicationAdmitted), event_id=event_id)
    hear(database, sample(ApplicationAdmitted), event_id=event_id)
    assert len(mails(database, "application_admitted")) == 1
    assert jobs(database) == 2


def test_each_member_of_a_meeting_gets_one_mail(database: Database) -> None:
    members = [UUID(int=number) for number in range(1, 6)]
    for member in members:
        hear(database, account(member))
    hear(database, sample(MeetingCalled, members=[*members, members[0]]))
    called = mails(database, "meeting_called")
    assert sorted(mail.recipient_id.int for mail in called) == [1, 2, 3, 4, 5]


def test_a_meeting_with_a_member_not_heard_of_is_told_to_nobody_yet(database: Database) -> None:
    hear(database, account())
    with pytest.raises(NotYet):
        hear(database, sample(MeetingCalled, members=[UUID(int=1), UUID(int=2)]))
    assert mails(database, "meeting_called") == []


def test_a_panel_is_told_to_the_appellant_and_to_its_members(database: Database) -> None:
    for number in (1, 2, 3):
        hear(database, account(UUID(int=number)))
    hear(database, sample(AppealPanelNamed, applicant_id=UUID(int=1), panel=[UUID(int=2), UUID(int=3)]))
    assert len(mails(database, "appeal_panel_named")) == 1
    assert len(mails(database, "appeal_panel_member")) == 2


def test_an_assessment_is_told_to_candidate_and_assessor(database: Database) -> None:
    for number in (1, 2):
        hear(database, account(UUID(int=number)))
    hear(database, sample(AssessmentScheduled, applicant_id=UUID(int=1), assessor_id=UUID(int=2), bring=["KTP"]))
    assert "- KTP" in mails(database, "assessment_scheduled")[0].text
    assert len(mails(database, "assessment_scheduled_assessor")) == 1


def test_mails_go_to_the_newest_address_in_the_newest_language(database: Database) -> None:
    hear(database, account())
    changed = AccountChanged.model_validate(account(email="baru@contoh.test", language="en").model_dump())
    hear(database, changed, sequence=3)
    hear(database, AccountChanged.model_validate(account(email="lama@contoh.test").model_dump()), sequence=2)
    hear(database, sample(ApplicationAdmitted))
    [mail] = mails(database, "application_admitted")
    assert (mail.to_address, mail.language) == ("baru@contoh.test", "en")
    with database.reading() as session:
        assert session.scalars(select(AccountCopy.sequence)).one() == 3


def test_a_closed_account_gets_no_mail(database: Database) -> None:
    hear(database, account(active=False))
    hear(database, sample(ApplicationAdmitted))
    assert mails(database) == []


def test_a_link_is_below_the_public_address_unless_it_is_whole(database: Database) -> None:
    hear(database, account())
    hear(database, sample(ApplicationAdmitted))
    hear(database, sample(PasswordResetRequested))
    assert "http://127.0.0.1:8000/registration/applications/" in mails(database, "application_admitted")[0].text
    reset = mails(database, "password_reset_requested")[0]
    assert f"\n{PLACE_OF_LINK}\n" in reset.text
    assert "https://x.test/k" not in reset.text
    assert (reset.secret, reset.sealed) == (True, "https://x.test/k")


def test_an_agency_without_an_account_is_written_to_at_its_address(database: Database) -> None:
    hear(database, sample(AgencyWebhookStopped, contact="layanan@instansi.contoh.test"))
    hear(database, sample(AgencyWebhookStopped, contact=""))
    [mail] = mails(database)
    assert (mail.to_address, mail.language) == ("layanan@instansi.contoh.test", "id")
    assert jobs(database) == 1
