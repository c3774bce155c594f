"""Sending: after the transaction, safe to do twice, tried again while the server is away."""

import socket
from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.notification.domain import State
from services.notification.jobs import jobs, send_mail
from services.notification.models import Mail
from shared.clock import real_now
from shared.contracts.registration import ApplicationAdmitted, PasswordResetRequested
from shared.database.unit import Database
from shared.mail import system_mailer
from shared.messaging.models import JobRow
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


def test_a_server_that_stays_away_leaves_the_mail_failed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("KOMPETEN_JOB_TRIES", "2")
        by_smtp(monkeypatch, taken.getsockname()[1])
    hear(database, account())
    for _ in range(2):
        make_due(database)
        jobs.run_due(database)
    assert mails(database)[0].state is State.FAILED
    with database.reading() as session:
        assert session.scalars(select(JobRow.state)).one() == "dead"


def test_an_address_the_server_refuses_is_not_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp_server() as box:
        box.recipient_answer = "550 no such user"
        by_smtp(monkeypatch, box.port)
        hear(database, account())
        jobs.run_due(database)
    assert mails(database)[0].state is State.FAILED
    with database.reading() as session:
        assert session.scalars(select(JobRow.state)).one() == "done"


def test_a_key_is_erased_once_it_is_sent(database: Database) -> None:
    hear(database, account())
    hear(database, sample(PasswordResetRequested))
    hear(database, sample(ApplicationAdmitted))
    jobs.run_due(database)
    assert mails(database, "password_reset_requested")[0].text == ""
    assert mails(database, "application_admitted")[0].text != ""


@pytest.mark.usefixtures("trial")
def test_a_trial_system_keeps_the_key_to_be_read_on_its_page(database: Database) -> None:
    hear(database, account())
    hear(database, sample(PasswordResetRequested))
    jobs.run_due(database)
    assert mails(database, "password_reset_requested")[0].text != ""
