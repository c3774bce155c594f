"""What pages and API read of mails. Texts are shown on trial systems only: they are letters to somebody else."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notification.commands import UNKNOWN, search_mails
from services.notification.domain import State
from services.notification.models import Mail
from shared.errors import NotFound
from shared.pagination import Page, PageQuery, paginate
from shared.security.actor import Actor
from shared.settings import settings


class MailQuery(PageQuery):
    """What part of the list of mails is asked for; `q` looks in names, addresses and subjects."""

    letter: str = Field("", max_length=60, description="Only this kind of letter, by its template's name.")


class MailView(BaseModel):
    """A mail and how its sending went. `text` is null unless this is a trial system."""

    mail_id: UUID
    letter: str
    to_name: str
    to_address: str
    language: str
    title: str
    text: str | None
    state: State
    written_at: datetime
    sent_at: datetime | None
    waiting_since: datetime | None
    sending: int
    tries: int
    error: str


class WaitingMails(BaseModel):
    """`since` is null when none waits; each is given up `give_up_days` after it was written."""

    count: int
    since: datetime | None
    error: str
    give_up_days: float


def list_mails(session: Session, query: MailQuery) -> Page[MailView]:
    """The asked page of all mails, the newest first."""
    statement = select(Mail).order_by(Mail.written_at.desc())
    if query.status:
        statement = statement.where(Mail.state == query.status)
    if query.letter:
        statement = statement.where(Mail.letter == query.letter)
    if query.q:
        statement = statement.where(search_mails(query.q))
    return paginate(session, statement, query, describe_mail, sorts=SORTS)


def view_waiting_mails(session: Session) -> WaitingMails:
    """How many mails wait for a server that is away, since when, and what was last said of it."""
    waits = (Mail.state == State.QUEUED, Mail.waiting_since.is_not(None))
    count, since = session.execute(select(func.count(), func.min(Mail.waiting_since)).where(*waits)).one()
    error = session.scalar(select(Mail.error).where(*waits).order_by(Mail.updated_at.desc()).limit(1))
    return WaitingMails(count=count, since=since, error=error or "", give_up_days=settings().mail_wait_days)


def view_mail(session: Session, mail_id: UUID) -> MailView:
    """One mail, whoever it is written to. Raises NotFound."""
    found = session.get(Mail, mail_id)
    if found is None:
        raise NotFound("mail-unknown", UNKNOWN)
    return describe_mail(found)


def list_own_mails(session: Session, actor: Actor, query: PageQuery) -> Page[MailView]:
    """The asked page of the actor's own mails, the newest first.

    Raises NotFound unless this is a trial system, where mails are kept for reading instead of being delivered.
    """
    if not settings().trial:
        raise NotFound("not-a-trial", UNKNOWN)
    statement = select(Mail).where(Mail.recipient_id == actor.id).order_by(Mail.written_at.desc())
    return paginate(session, statement, query, describe_mail)


def view_own_mail(session: Session, actor: Actor, mail_id: UUID) -> MailView:
    """One of the actor's own mails. Raises NotFound for somebody else's, and unless this is a trial system."""
    found = session.get(Mail, mail_id)
    if not settings().trial or found is None or found.recipient_id != actor.id:
        raise NotFound("mail-unknown", UNKNOWN)
    return describe_mail(found)


def describe_mail(mail: Mail) -> MailView:
    """A mail as pages and API show it."""
    return MailView(
        mail_id=mail.id,
        letter=mail.letter,
        to_name=mail.to_name,
        to_address=mail.to_address,
        language=mail.language,
        title=mail.title,
        text=mail.text if settings().trial else None,
        state=mail.state,
        written_at=mail.written_at,
        sent_at=mail.sent_at,
        waiting_since=mail.waiting_since,
        sending=mail.sending,
        tries=mail.tries,
        error=mail.error,
    )


SORTS = {
    "written_at": Mail.written_at,
    "to_name": Mail.to_name,
    "letter": Mail.letter,
    "state": Mail.state,
}
