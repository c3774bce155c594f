"""What an administrator does with mails."""

from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from services.notification import domain
from services.notification.domain import State
from services.notification.letters import MAILS_FAILED
from services.notification.models import Mail
from services.notification.writing import absolute_address, write_letter
from shared.audit import record_act
from shared.clock import JAKARTA, real_now
from shared.errors import N_, NotFound
from shared.messaging.jobs import enqueue
from shared.pagination import contains_text
from shared.security.actor import Actor
from shared.settings import settings

UNKNOWN = N_("Surel tidak ditemukan. Periksa daftar surel.")


BULK = 1000
"""Mails sent again in one act: one transaction of a second at most."""


class FailedMails(BaseModel):
    """Which failed mails are to be sent again; `dry_run` counts them only."""

    letter: str = Field("", max_length=60, description="Only this kind of letter, by its template's name.")
    q: str = Field("", max_length=100, description="Only with these words in name, address or subject.")
    dry_run: bool = Field(False, description="Count, change nothing.")


class SentAgain(BaseModel):
    """How many mails were queued, and how many of the choice are left (all of them in a dry run)."""

    count: int
    left: int


def send_mail_again(session: Session, actor: Actor, mail_id: UUID) -> Mail:
    """Put a mail back in the queue, with its tries counted anew; the address is the one it was written to.

    Raises NotFound for an unknown mail, Conflict for one that waits already or whose secret text was erased.
    """
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFound("mail-unknown", UNKNOWN)
    before = mail.state
    mail.state = domain.apply_sending_again(mail.state, erased=mail.erased, expired=_has_expired(mail))
    _queue_again(session, mail)
    record_act(
        session, actor, "mail:send-again", mail.subject, before={"state": before}, after={"sending": mail.sending}
    )
    return mail


def send_failed_mails_again(session: Session, actor: Actor, choice: FailedMails) -> SentAgain:
    """Send the failed mails of the choice once more, the oldest first, BULK at most in one act.

    Those whose secret is erased or whose link has expired are left out. With `dry_run` they are only counted.
    """
    left = count_failed_mails(session, choice)
    if choice.dry_run or not left:
        return SentAgain(count=0, left=left)
    oldest = select(Mail).where(*_failed(choice)).order_by(Mail.written_at).limit(BULK)
    mails = session.scalars(oldest.with_for_update(skip_locked=True)).all()
    for mail in mails:
        mail.state = State.QUEUED
        _queue_again(session, mail)
    chosen = {"letter": choice.letter, "searched": bool(choice.q), "count": len(mails)}
    record_act(session, actor, "mail:send-failed-again", "mail/failed", after=chosen)
    return SentAgain(count=len(mails), left=left - len(mails))


def count_failed_mails(session: Session, choice: FailedMails) -> int:
    """How many failed mails of the choice can be sent again."""
    return session.scalar(select(func.count()).select_from(Mail).where(*_failed(choice))) or 0


def warn_administrator(session: Session) -> None:
    """Write to the administrator of the settings that mails have failed, once a day at most."""
    address = settings().admin_email
    day = real_now().astimezone(JAKARTA).date()
    event = uuid5(NAMESPACE_URL, f"kompeten:mails-failed:{day}")
    recipient = domain.address_outsider(address)
    key = domain.derive_mail_id(event, MAILS_FAILED, recipient.id)
    if not address or session.get(Mail, key) is not None:
        return
    link = absolute_address("/notification/mails?status=failed")
    title, text = write_letter(MAILS_FAILED, recipient.language, {"name": recipient.name, "link": link})
    values = {"letter": MAILS_FAILED, "event_id": event, "recipient_id": recipient.id, "to_address": address}
    session.add(Mail(id=key, to_name=recipient.name, language=recipient.language, title=title, text=text, **values))
    enqueue(session, "send", {"mail_id": str(key)}, f"{key}:1")


def _queue_again(session: Session, mail: Mail) -> None:
    mail.sending, mail.tries, mail.error = mail.sending + 1, 0, ""
    mail.queued_at, mail.waiting_since = real_now(), None
    enqueue(session, "send", {"mail_id": str(mail.id)}, f"{mail.id}:{mail.sending}")


def _has_expired(mail: Mail) -> bool:
    return mail.expires_at is not None and mail.expires_at <= real_now()


def _failed(choice: FailedMails) -> list[ColumnElement[bool]]:
    wanted = [
        Mail.state == State.FAILED,
        or_(Mail.secret.is_(False), Mail.text != ""),
        or_(Mail.expires_at.is_(None), Mail.expires_at > real_now()),
    ]
    if choice.letter:
        wanted.append(Mail.letter == choice.letter)
    if choice.q:
        wanted.append(search_mails(choice.q))
    return wanted


def search_mails(words: str) -> ColumnElement[bool]:
    """Mails with `words` in name, address or subject."""
    return contains_text(words, Mail.to_name, Mail.to_address, Mail.title)
