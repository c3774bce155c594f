from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.registration.commands.accounts import deactivate_account
from services.registration.commands.registering import (
    ANSWER_REGISTRATION,
    Confirmed,
    ConfirmRegistration,
    Register,
    answer_registration,
    confirm_registration,
    lock_usable_registration,
    prepare_confirmation,
    request_registration,
)
from services.registration.jobs import jobs
from services.registration.models import Account, PendingRegistration
from shared.clock import real_now
from shared.contracts.registration import RegistrationRequested
from shared.database.unit import Database
from shared.errors import Conflict, Invalid
from shared.messaging.models import JobRow
from shared.security.actor import SYSTEM
from shared.security.allowances import open_allowances
from shared.security.roles import Role
from tests.unit.registration.people import PASSWORD, applicant, noted, staff, told, told_links

WANTED = Register(name="Siti Aminah (contoh)", email="Siti@contoh.test", language="en")


@pytest.fixture(autouse=True)
def _full_allowances() -> Iterator[None]:
    open_allowances()
    yield
    open_allowances()


def answered(session: Session, wanted: Register = WANTED) -> None:
    """Registered, and the job done."""
    request_registration(session, wanted)
    job = session.scalars(select(JobRow).order_by(JobRow.id.desc())).first()
    assert job is not None
    assert job.kind == ANSWER_REGISTRATION
    answer_registration(session, job.payload)


def key_of(session: Session) -> str:
    return told_links(session, RegistrationRequested)[-1].partition("key=")[2]


def confirmed(session: Session, key: str, name: str = "Siti Aminah (contoh)") -> Account:
    return confirm_registration(session, key, Confirmed(lock_usable_registration(session, key).id, name, "hash"))


def test_a_new_address_is_mailed_the_link_that_opens_its_account(session: Session) -> None:
    answered(session)
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    (fact,) = told(session, "registration_requested")
    assert (fact["email"], fact["language"]) == ("siti@contoh.test", "en")
    account = confirmed(session, key_of(session))
    assert (account.email, account.language, account.roles) == ("siti@contoh.test", "en", frozenset({Role.APPLICANT}))
    assert [action for action, *_ in noted(session)] == ["account:open"]


def test_the_owner_of_an_account_is_told_that_somebody_tried(session: Session) -> None:
    owner = applicant(session, "siti@contoh.test")
    answered(session)
    assert told(session, "registration_requested") == []
    (fact,) = told(session, "registration_repeated")
    assert fact["account_id"] == str(owner.id)
    assert owner.name == "Siti (contoh)"


def test_the_mail_to_a_stranger_holds_nothing_that_was_typed_but_the_address(session: Session) -> None:
    """This failure mode means somebody who has this body send mails with words of their own to anybody."""
    answered(session, WANTED.model_copy(update={"name": "Kunjungi jahat.test"}))
    assert "jahat" not in str(told(session, "registration_requested"))


def test_a_link_works_once_ends_the_others_and_lives_a_day(session: Session) -> None:
    answered(session)
    first = key_of(session)
    answered(session)
    confirmed(session, key_of(session))
    for key in (first, key_of(session), "", "unknown"):
        with pytest.raises(Conflict):
            lock_usable_registration(session, key)
    pending = session.scalars(select(PendingRegistration)).first()
    assert pending is not None
    assert pending.expires_at - pending.requested_at == pytest.approx(timedelta(days=1), abs=timedelta(seconds=5))
    pending.used_at, pending.expires_at = None, real_now()
    with pytest.raises(Conflict):
        lock_usable_registration(session, first)


def test_an_address_that_has_got_an_account_meanwhile_gets_no_second_one(session: Session) -> None:
    answered(session)
    applicant(session, "siti@contoh.test")
    with pytest.raises(Conflict) as refusal:
        confirmed(session, key_of(session))
    assert refusal.value.code == "email-taken"


def test_a_mailbox_gets_three_letters_an_hour_at_most(session: Session) -> None:
    for _ in range(5):
        answered(session)
    assert len(told(session, "registration_requested")) == 3
    owner = staff(session, Role.AUDITOR)
    for _ in range(5):
        answered(session, WANTED.model_copy(update={"email": owner.email}))
    assert len(told(session, "registration_repeated")) == 3


def test_nothing_of_it_lies_in_clear_in_the_database(session: Session) -> None:
    answered(session)
    key = key_of(session)
    for table in ("jobs", "pending_registrations"):
        rows = str(session.execute(text(f"select * from {table}")).all())
        assert "siti@contoh.test" not in rows
        assert "Siti Aminah" not in rows
        assert key not in rows


@pytest.mark.parametrize(("change", "field"), [({"email": "siti"}, "email"), ({"name": "<script>"}, "name")])
def test_what_does_not_fit_is_refused_at_once(session: Session, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        request_registration(session, WANTED.model_copy(update=change))
    assert set(refusal.value.fields) == {field}
    assert session.scalars(select(JobRow)).all() == []


def test_the_password_is_checked_against_the_name_and_a_weak_one_does_not_use_the_link_up(database: Database) -> None:
    with database.unit_of_work() as session:
        request_registration(session, WANTED)
    jobs.run_due(database)
    with database.reading() as session:
        key = key_of(session)
    for weak in ("pendek", "siti aminah (contoh)", "siti@contoh.test"):
        with pytest.raises(Invalid) as refusal:
            prepare_confirmation(database, ConfirmRegistration(key=key, new=weak))
        assert set(refusal.value.fields) == {"new"}
    ready = prepare_confirmation(database, ConfirmRegistration(key=key, name="SITI  AMINAH", new=PASSWORD))
    with database.unit_of_work() as session:
        assert confirm_registration(session, key, ready).name == "SITI AMINAH"


def test_a_deactivated_account_is_told_too_and_stays_closed(session: Session) -> None:
    owner = applicant(session, "siti@contoh.test")
    deactivate_account(session, SYSTEM, owner.id)
    answered(session)
    assert len(told(session, "registration_repeated")) == 1
    assert not owner.active
