"""What an administrator does with mails."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notification import domain
from services.notification.models import Mail
from shared.audit import record_act
from shared.errors import N_, NotFound
from shared.messaging.jobs import enqueue
from shared.security.actor import Actor

UNKNOWN = N_("Surel tidak ditemukan. Periksa daftar surel.")


def send_mail_again(session: Session, actor: Actor, mail_id: UUID) -> Mail:
    """Put a mail back in the queue, with its tries counted anew; the address is the one it was written to.

    Raises NotFound for an unknown mail, Conflict for one that waits already or whose secret text was erased.
    """
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFound("mail-unknown", UNKNOWN)
    before = mail.state
    mail.state = domain.apply_sending_again(mail.state, erased=mail.erased)
    mail.sending, mail.tries, mail.error = mail.sending + 1, 0, ""
    enqueue(session, "send", {"mail_id": str(mail.id)}, f"{mail.id}:{mail.sending}")
    record_act(
        session, actor, "mail:send-again", mail.subject, before={"state": before}, after={"sending": mail.sending}
    )
    return mail
