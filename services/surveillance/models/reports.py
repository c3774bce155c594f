"""The report of each year of a certificate: as it is written, as it was handed in, and what reviewers found."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from services.surveillance.domain.report import Report
from services.surveillance.domain.workflow import Outcome, State
from services.surveillance.encrypted_kinds import EVIDENCE
from services.surveillance.models.base import Base
from services.surveillance.models.holdings import Holding
from shared import clock
from shared.active_content import ActiveContent
from shared.database.base import Aggregate
from shared.database.types import json_of, word_column
from shared.security.encryption import EncryptedText


class Surveillance(Aggregate, Base):
    """The report of one year of a certificate (process 2.11).

    `reminded` is the last step (days before the due date) at which the holder was reminded; `answer_by` the last day
    for a clarification; `draft` the report as the holder left it. `settled_at` is when the officers decided on what a
    review proposed.
    """

    __tablename__ = "surveillance"
    __table_args__ = (UniqueConstraint("holding_id", "year"), Index("ix_surveillance_due", "state", "due_on"))
    subject_kind = "surveillance"

    holding_id: Mapped[UUID] = mapped_column(ForeignKey("holding.id"))
    year: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[State] = mapped_column(word_column(State), default=State.SCHEDULED)
    reminded: Mapped[int | None] = mapped_column(default=None)
    answer_by: Mapped[date | None] = mapped_column(default=None)
    waiting_since: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    draft: Mapped[Report | None] = mapped_column(json_of(Report), default=None)

    holding: Mapped[Holding] = relationship(lazy="joined", innerjoin=True)
    reports: Mapped[list["FiledReport"]] = relationship(order_by="FiledReport.round")
    reviews: Mapped[list["Review"]] = relationship(order_by="Review.at")
    documents: Mapped[list["Document"]] = relationship(order_by="Document.uploaded_at")

    def as_told(self) -> dict[str, Any]:
        return {**self.holding.as_told(), "surveillance_id": self.id, "year": self.year}

    def goes_to(self, state: State) -> None:
        """Change the state, and begin to wait there."""
        self.state, self.waiting_since, self.settled_at = state, clock.now(), None


class FiledReport(Base):
    """A report as it was handed in, kept for good: `sha256` is of its canonical JSON. Round 2 on answers a review."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("surveillance_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    surveillance_id: Mapped[UUID] = mapped_column(ForeignKey("surveillance.id"))
    round: Mapped[int]
    content: Mapped[Report] = mapped_column(json_of(Report))
    sha256: Mapped[str] = mapped_column(String(64))
    filed_at: Mapped[datetime] = mapped_column(default=clock.now)


class Review(Base):
    """What a reviewer found, with reasons; kept for good."""

    __tablename__ = "review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    surveillance_id: Mapped[UUID] = mapped_column(ForeignKey("surveillance.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(word_column(Outcome))
    reasons: Mapped[str] = mapped_column(Text)
    answer_by: Mapped[date | None]
    reviewer_id: Mapped[UUID]
    reviewer_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Document(Base):
    """Evidence uploaded for a report; the bytes lie encrypted in the object store under `key`.

    `active_content` is what was found in it at the upload besides what is read, null when it was not looked through.
    `sha256` is of the bytes that are kept, `sent_sha256` of those that came, of which a picture is drawn anew (null for
    documents from before that). `preview` is a small JPEG (base64), null where none can be drawn.
    """

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    surveillance_id: Mapped[UUID] = mapped_column(ForeignKey("surveillance.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    preview: Mapped[str | None] = mapped_column(EncryptedText(EVIDENCE, "preview"), default=None, deferred=True)
    has_preview: Mapped[bool] = column_property(preview.is_not(None))
    active_content: Mapped[list[ActiveContent] | None] = mapped_column(json_of(list[ActiveContent]), default=None)
