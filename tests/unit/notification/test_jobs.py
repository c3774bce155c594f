"""Sending: after the transaction, safe to do twice, tried again while the server is away."""

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from services.notification.domain import State
from services.notification.jobs import jobs, send_mail
from services.notification.letters import MAILS_FAILED
from services.notification.models import Mail
from shared.clock import real_now
from shared.contracts.registration import ApplicationAdmitted, PasswordResetRequested
from shared.database.unit import Database
from shared.mail import Mail as Letter
from shared.mail import PatientMailer, system_mailer
from shared.messaging.models import JobRow
from shared.security.sealing import seal_field
from shared.settings import settings
from tests.unit.mail.server import smtp_server
from tests.unit.notification.samples import account, hear, mails, sample


def by_smtp(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("KOMPETEN_MAIL_URL", f"smtp://127.0.0.1:{port}")
    settings.cache_clear()
    system_mailer.cache_clear()


def make_due(database: Database) -> None:
    """As if the pause before the next try had passed."""
    with database.unit_of_work() as session:
        session.execute(update(JobRow).values(next_try_at=real_now()))


def test_a_mail_is_sent_and_marked(database: Database, data_dir: Path) -> None:
    hear(database, account())
    assert jobs.run_due(database) == 1
    [mail] = mails(database)
    assert (mail.state, mail.tries) == (State.SENT, 1)
    assert mail.sent_at is not None
    assert len(list((data_dir / "mail").glob("*.eml"))) == 1


def test_a_job_done_twice_sends_once(database: Database, data_dir: Path) -> None:
    hear(database, account())
    jobs.run_due(database)
    [file] = (data_dir / "mail").glob("*.eml")
    file.unlink()
    send_mail(database, {"mail_id": str(mails(database)[0].id)})
    assert list((data_dir / "mail").glob("*.eml")) == []


def test_a_crash_before_the_mark_sends_under_the_same_message_id(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server() as box:
        by_smtp(monkeypatch, box.port)
        hear(database, account())
        [mail] = mails(database)
        send_mail(database, {"mail_id": str(mail.id)})
        with database.unit_of_work() as session:  # what a crash leaves behind
            session.execute(update(Mail).values(state=State.QUEUED))
        send_mail(database, {"mail_id": str(mail.id)})
    first, second = box.received
    assert first["Message-ID"] == second["Message-ID"] == f"<{mail.id}.1@localhost>"


def test_a_server_that_is_away_is_tried_again_until_it_is_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        by_smtp(monkeypatch, taken.getsockname()[1])
    hear(database, account())
    jobs.run_due(database)
    [mail] = mails(database)
    assert (mail.state, mail.tries) == (State.QUEUED, 1)
    assert "refused" in mail.error
    with smtp_server() as box:
        by_smtp(monkeypatch, box.port)
        make_due(database)
        jobs.run_due(database)
    assert len(box.received) == 1
    assert mails(database)[0].state is State.SENT


def test_a_restored_system_sends_nothing_until_it_may_be_heard(
    database: Database, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means that applicants get letters of last week from a copy that somebody looks at."""
    monkeypatch.setenv("KOMPETEN_QUIET", "true")
    settings.cache_clear()
    hear(database, account())
    aged(database, timedelta(days=400))
    for _ in range(3):
        make_due(database)
        jobs.run_due(database)
    assert (mails(database)[0].state, job_state(database)) == (State.QUEUED, "waiting")
    assert list((data_dir / "mail").glob("*.eml")) == []
    monkeypatch.delenv("KOMPETEN_QUIET")
    settings.cache_clear()
    make_due(database)
    jobs.run_due(database)
    assert mails(database)[0].state is State.SENT


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where the mail server should."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        by_smtp(monkeypatch, taken.getsockname()[1])


def aged(database: Database, age: timedelta) -> None:
    """As if the mails had been written so long ago."""
    with database.unit_of_work() as session:
        session.execute(update(Mail).values(queued_at=real_now() - age))


def job_state(database: Database) -> str:
    with database.reading() as session:
        return str(session.scalars(select(JobRow.state).order_by(JobRow.id)).first())


def test_a_mail_waits_for_days_and_no_try_counts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means a mail server away for an afternoon, and every letter of it lost for good."""
    away(monkeypatch)
    monkeypatch.setenv("KOMPETEN_JOB_TRIES", "2")
    settings.cache_clear()
    hear(database, account())
    for _ in range(40):
        make_due(database)
        jobs.run_due(database)
    aged(database, timedelta(days=4, hours=23))
    make_due(database)
    jobs.run_due(database)
    [mail] = mails(database)
    assert (mail.state, job_state(database)) == (State.QUEUED, "waiting")
    assert mail.waiting_since is not None
    assert "refused" in mail.error
    with smtp_server() as box:
        by_smtp(monkeypatch, box.port)
        make_due(database)
        jobs.run_due(database)
    [mail] = mails(database)
    assert (mail.state, mail.waiting_since, mail.error, len(box.received)) == (State.SENT, None, "", 1)


def test_a_server_that_stays_away_for_days_leaves_the_mail_failed_and_tells_the_administrator(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(monkeypatch)
    monkeypatch.setenv("KOMPETEN_ADMIN_EMAIL", "admin@contoh.test")
    settings.cache_clear()
    hear(database, account())
    hear(database, account(UUID(int=2)))
    aged(database, timedelta(days=5))
    jobs.run_due(database)
    assert [mail.state for mail in mails(database, "account_opened")] == [State.FAILED, State.FAILED]
    assert job_state(database) == "done"
    [told] = mails(database, MAILS_FAILED)
    assert (told.to_address, told.state) == ("admin@contoh.test", State.QUEUED)
    assert "/notification/mails?status=failed" in told.text


def test_a_busy_server_keeps_one_mail_waiting_and_not_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server() as box:
        by_smtp(monkeypatch, box.port)
        box.recipient_answer = "450 greylisted"
        hear(database, account())
        jobs.run_due(database)
        assert mails(database)[0].state is State.QUEUED
        box.recipient_answer = "250 OK"
        hear(database, account(UUID(int=2)))
        make_due(database)
        jobs.run_due(database)
    assert [mail.state for mail in mails(database)] == [State.SENT, State.SENT]


def test_a_key_that_has_died_is_not_sent_when_the_server_is_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(monkeypatch)
    hear(database, account())
    hear(database, sample(PasswordResetRequested, expires_at=real_now() + timedelta(minutes=5)))
    jobs.run_due(database)
    assert mails(database, "password_reset_requested")[0].state is State.QUEUED
    with database.unit_of_work() as session:
        session.execute(update(Mail).where(Mail.secret).values(expires_at=real_now()))
    with smtp_server() as box:
        by_smtp(monkeypatch, box.port)
        make_due(database)
        jobs.run_due(database)
    [expired] = mails(database, "password_reset_requested")
    assert (expired.state, expired.error.partition(":")[0]) == (State.FAILED, "expired")
    assert (expired.text, expired.sealed) == ("", None), "a dead key is not kept"
    assert len(box.received) == 1


def test_while_the_server_is_away_one_mail_knocks_and_the_others_do_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means a server that hangs: a time-out for each mail, longer than the lease of the jobs."""
    tried = []

    class Hanging:
        def send(self, mail: Letter) -> None:
            tried.append(mail.to)
            raise TimeoutError("timed out")

        def probe(self) -> None:
            raise TimeoutError("timed out")

    patient = PatientMailer(Hanging())
    monkeypatch.setattr("services.notification.jobs.system_mailer", lambda: patient)
    for number in range(1, 6):
        hear(database, account(UUID(int=number)))
    jobs.run_due(database)
    assert len(tried) == 1
    assert [mail.state for mail in mails(database)] == [State.QUEUED] * 5


def test_an_address_the_server_refuses_is_not_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp_server() as box:
        box.recipient_answer = "550 no such user"
        by_smtp(monkeypatch, box.port)
        hear(database, account())
        jobs.run_due(database)
    assert mails(database)[0].state is State.FAILED
    with database.reading() as session:
        assert session.scalars(select(JobRow.state)).one() == "done"


def sealed_reset(link: str = "https://lsp.contoh.test/reset?key=rahasia") -> Any:
    sealed = seal_field(PasswordResetRequested, "link", link)
    return sample(PasswordResetRequested, link=sealed, expires_at=real_now() + timedelta(hours=1))


def test_a_sealed_link_is_opened_for_the_mail_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means a link that sets a password, in clear in the database and its dumps."""
    hear(database, account())
    hear(database, sealed_reset())
    [waits] = mails(database, "password_reset_requested")
    assert (waits.sealed or "").startswith("sealed:")
    assert "rahasia" not in waits.text
    with smtp_server() as box:
        by_smtp(monkeypatch, box.port)
        jobs.run_due(database)
    assert "https://lsp.contoh.test/reset?key=rahasia" in "".join(mail.get_content() for mail in box.received)
    [sent] = mails(database, "password_reset_requested")
    assert (sent.state, sent.text, sent.sealed) == (State.SENT, "", None)


def test_a_link_that_cannot_be_opened_leaves_the_mail_failed(database: Database) -> None:
    hear(database, account())
    hear(database, sample(PasswordResetRequested, link="sealed:0.AA==", expires_at=real_now() + timedelta(hours=1)))
    jobs.run_due(database)
    [failed] = mails(database, "password_reset_requested")
    assert (failed.state, failed.error.partition(":")[0]) == (State.FAILED, "SealBroken")


def test_a_key_is_erased_once_it_is_sent(database: Database) -> None:
    hear(database, account())
    hear(database, sample(PasswordResetRequested, expires_at=real_now() + timedelta(hours=1)))
    hear(database, sample(ApplicationAdmitted))
    jobs.run_due(database)
    assert mails(database, "password_reset_requested")[0].text == ""
    assert mails(database, "application_admitted")[0].text != ""


@pytest.mark.usefixtures("trial")
def test_a_trial_system_keeps_the_key_to_be_read_on_its_page(database: Database) -> None:
    hear(database, account())
    hear(database, sample(PasswordResetRequested, expires_at=real_now() + timedelta(hours=1)))
    jobs.run_due(database)
    assert mails(database, "password_reset_requested")[0].text != ""
