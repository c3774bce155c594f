"""What a request was answered with, kept so that the same request again is answered the same and done once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.clock import real_now
from shared.database.base import SharedBase
from shared.database.retention import Retention

KEEP = timedelta(hours=48)


class KeptAnswer(SharedBase):
    """One request that came with a key of its own (`Idempotency-Key`).

    `id` is a digest of who asked and of the key, `fingerprint` one of what was asked; neither key nor body is here, and
    `answer` is encrypted with the key. Whoever works on it holds `claim_id`. `acted_at` is written in the transaction
    of what was done, so that what was done is known even if its answer never came to be kept.
    """

    __tablename__ = "kept_answer"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    claim_id: Mapped[UUID]
    begun_at: Mapped[datetime] = mapped_column(default=real_now, index=True)
    acted_at: Mapped[datetime | None] = mapped_column(default=None)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)


KEPT_ANSWERS = Retention("kept answers", KeptAnswer, lambda before: KeptAnswer.begun_at < before, lambda: KEEP)
"""Answers go after 48 hours: whoever has not tried again by then will not."""
