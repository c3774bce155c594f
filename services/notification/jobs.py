"""Sending, after the transaction that wrote the mail: safe to do twice, tried again while the mail server is away."""

import logging
from datetime import timedelta
from uuid import UUID

from services.notification.commands import warn_administrator
from services.notification.domain import State, derive_message_id, has_waited_too_long
from services.notification.letters import LETTERS, MAILS_FAILED
from services.notification.models import Mail
from services.notification.writing import PLACE_OF_LINK
from shared.clock import real_now
from shared.database.unit import Database
from shared.errors import Unavailable
from shared.mail import Mail as Letter
from shared.mail import MailAway, MailRefused, domain_of, system_mailer
from shared.messaging.jobs import Jobs, Payload
from shared.security.sealing import open_field
from shared.settings import settings

log = logging.getLogger(__name__)


class Quiet(Unavailable):
    """This system was restored and may not be heard yet (`KOMPETEN_QUIET`): mails wait, whatever their age."""


jobs = Jobs("notification")

EXPIRED = "expired: the link in it is no longer valid"


@jobs.does("send")
def send_mail(database: Database, payload: Payload) -> None:
    """Hand one mail over. A crash before it is marked sends it again under the same Message-ID.

    Raises MailAway while the server is away: the job waits without counting tries, for `mail_wait_days` at most. A mail
    refused for good, or one that waited too long, is marked failed, and the administrator is told. Raises Quiet as long
    as KOMPETEN_QUIET holds.
    """
    if settings().quiet:
        raise Quiet("KOMPETEN_QUIET is set: nothing is sent until it ends")
    key = UUID(payload["mail_id"])
    with database.reading() as session:
        mail = session.get(Mail, key)
    if mail is None or mail.state is not State.QUEUED:
        return
    limit = timedelta(days=settings().mail_wait_days)
    if mail.expires_at is not None and mail.expires_at <= real_now():
        mark_mail_failed(database, key, EXPIRED)
        return
    try:
        text = write_whole_text(mail)
        system_mailer().send(_letter(mail, text))
    except (MailRefused, ValueError) as refusal:
        mark_mail_failed(database, key, f"{type(refusal).__name__}: {refusal}")
    except MailAway as away:
        if has_waited_too_long(mail.queued_at, mail.expires_at, real_now(), limit):
            mark_mail_failed(database, key, f"{type(away).__name__}: {away}")
            return
        note_mail_waits(database, key, f"{type(away).__name__}: {away}")
        raise
    else:
        mark_mail_sent(database, key, text)


def write_whole_text(mail: Mail) -> str:
    """The text as it is sent: with the link that was sealed for this service. Raises SealBroken."""
    if mail.sealed is None:
        return mail.text
    letter = next(letter for letter in LETTERS if letter.name == mail.letter)
    return mail.text.replace(PLACE_OF_LINK, open_field(letter.fact, letter.sealed, mail.sealed))


def mark_mail_sent(database: Database, key: UUID, text: str) -> None:
    """The server has taken it. What is secret of it is erased; a trial system keeps `text` to be read on its page."""
    with database.unit_of_work() as session:
        mail = session.get_one(Mail, key)
        mail.state, mail.error, mail.tries = State.SENT, "", mail.tries + 1
        mail.sent_at, mail.waiting_since = real_now(), None
        if mail.secret:
            mail.text, mail.sealed = text if settings().trial else "", None


def note_mail_waits(database: Database, key: UUID, error: str) -> None:
    """The server is away: since when this mail waits, and why."""
    with database.unit_of_work() as session:
        mail = session.get_one(Mail, key)
        mail.error, mail.tries = error[:2000], mail.tries + 1
        mail.waiting_since = mail.waiting_since or real_now()


def mark_mail_failed(database: Database, key: UUID, error: str) -> None:
    """The mail is given up; the administrator is told, by mail once a day at most."""
    with database.unit_of_work() as session:
        mail = session.get_one(Mail, key)
        mail.state, mail.error, mail.tries, mail.waiting_since = State.FAILED, error[:2000], mail.tries + 1, None
        if error == EXPIRED:
            mail.sealed = None
            mail.text = ""
        if mail.letter != MAILS_FAILED:
            warn_administrator(session)
    log.error("mail %s (%s) has failed: %s", key, mail.letter, error.partition(":")[0])


def _letter(mail: Mail, text: str) -> Letter:
    return Letter(
        to=mail.to_address,
        to_name=mail.to_name,
        subject=mail.title,
        text=text,
        message_id=derive_message_id(mail.id, mail.sending, domain_of(settings().mail_from)),
        written_at=real_now(),
        language=mail.language,
    )
