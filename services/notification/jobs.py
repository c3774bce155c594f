"""Sending, after the transaction that wrote the mail: safe to do twice, tried again while the mail server is away."""

from uuid import UUID

from services.notification.domain import State, derive_message_id
from services.notification.models import Mail
from shared.clock import real_now
from shared.database.unit import Database
from shared.mail import Mail as Letter
from shared.mail import MailRefused, domain_of, system_mailer
from shared.messaging.jobs import Jobs, Payload
from shared.settings import settings

jobs = Jobs("notification")


@jobs.does("send")
def send_mail(database: Database, payload: Payload) -> None:
    """Hand one mail over. A crash before it is marked sends it again under the same Message-ID.

    Raises what the mailer raises, so that the job is tried again; a mail refused for good is marked failed instead.
    """
    key = UUID(payload["mail_id"])
    with database.reading() as session:
        mail = session.get(Mail, key)
    if mail is None or mail.state is not State.QUEUED:
        return
    try:
        system_mailer().send(_letter(mail))
    except (MailRefused, ValueError) as refusal:
        _mark(database, key, State.FAILED, f"{type(refusal).__name__}: {refusal}")
    except Exception as error:
        last = mail.tries + 1 >= settings().job_tries
        _mark(database, key, State.FAILED if last else State.QUEUED, f"{type(error).__name__}: {error}")
        raise
    else:
        _mark(database, key, State.SENT)


def _letter(mail: Mail) -> Letter:
    return Letter(
        to=mail.to_address,
        to_name=mail.to_name,
        subject=mail.title,
        text=mail.text,
        message_id=derive_message_id(mail.id, mail.sending, domain_of(settings().mail_from)),
        written_at=real_now(),
        language=mail.language,
    )


def _mark(database: Database, key: UUID, state: State, error: str = "") -> None:
    with database.unit_of_work() as session:
        mail = session.get_one(Mail, key)
        mail.state, mail.error, mail.tries = state, error[:2000], mail.tries + 1
        if state is State.SENT:
            mail.sent_at = real_now()
            if mail.secret and not settings().trial:
                mail.text = ""
