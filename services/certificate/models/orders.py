"""What is on its way to a certificate."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.certificate.domain.states import OrderState
from services.certificate.models.base import Base
from shared.database.base import Aggregate
from shared.database.types import word_column


class Order(Aggregate, Base):
    """One application on its way to a certificate; `id` is the application's.

    It begins with whatever is heard of first. `judgements` holds K or BK by unit code; `photo_key` names the holder's
    photo in the object store, as registration prepared it, and `photo_sequence` numbers the last word heard of it.
    """

    __tablename__ = "certificate_order"
    __table_args__ = (Index("ix_certificate_order_waiting", "state", "decided_at"),)
    subject_kind = "order"

    state: Mapped[OrderState] = mapped_column(word_column(OrderState), default=OrderState.CANDIDATE)
    holder_id: Mapped[UUID] = mapped_column(index=True)
    holder_name: Mapped[str] = mapped_column(String(200))
    scheme_id: Mapped[str] = mapped_column(String(60))
    scheme_version: Mapped[str] = mapped_column(String(20))
    scheme_title: Mapped[str] = mapped_column(String(500))
    forms_signed_at: Mapped[datetime | None] = mapped_column(default=None)
    recommended: Mapped[bool] = mapped_column(default=False)
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed_version: Mapped[str] = mapped_column(String(20), default="")
    meeting_id: Mapped[UUID | None] = mapped_column(default=None, index=True)
    decision_id: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    acting_for_chair: Mapped[bool] = mapped_column(default=False)
    decree_number: Mapped[str] = mapped_column(String(100), default="")
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    judgements: Mapped[dict[str, str]] = mapped_column(default=dict)
    renews: Mapped[str | None] = mapped_column(String(60), default=None)
    photo_key: Mapped[str] = mapped_column(String(200), default="")
    photo_sha256: Mapped[str] = mapped_column(String(64), default="")
    photo_sequence: Mapped[int] = mapped_column(default=0)
