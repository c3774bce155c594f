"""What was written to whom, and how its sending goes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.domain import State
from services.notification.models.base import Base
from shared import clock
from shared.database.base import Aggregate
from shared.database.types import word_column

WAITS = text("waiting_since IS NOT NULL")


class Mail(Aggregate, Base):
    """One mail to one person. `id` follows from the event, the letter and the recipient (see `domain.derive_mail_id`).

    `queued_at` is when it was written or sent again; it waits no longer than `mail_wait_days` from then, and not beyond
    `expires_at`, when the key in it dies. `waiting_since` is its first try that found the server away. Real times.
    A `secret` mail holds a link with a key: `sealed`, as it was told, until the mail is sent; its text has the link's
    place only. Both are erased once it is sent, or the key has died; a trial system then keeps the whole text.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_state", "state", "written_at"),
        Index("ix_mail_waiting", "waiting_since", postgresql_where=WAITS, sqlite_where=WAITS),
    )
    subject_kind = "mail"

    letter: Mapped[str] = mapped_column(String(60), index=True)
    event_id: Mapped[UUID]
    recipient_id: Mapped[UUID] = mapped_column(index=True)
    to_address: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    secret: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[str | None] = mapped_column(Text, default=None)
    state: Mapped[State] = mapped_column(word_column(State), default=State.QUEUED)
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    queued_at: Mapped[datetime] = mapped_column(default=clock.real_now)
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    sending: Mapped[int] = mapped_column(default=1)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    @property
    def erased(self) -> bool:
        """Whether the text is gone: a secret one that was sent."""
        return self.secret and not self.text
