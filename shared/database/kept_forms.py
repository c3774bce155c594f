"""What was typed into a form and has not arrived where it belongs, kept for a while so that nobody types it twice."""

from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.database.base import SharedBase
from shared.database.retention import Retention


class KeptForm(SharedBase):
    """One form as it was typed. `id` is a digest of whose it is, of its page and of where it is sent, `page_id` one of
    whose it is and of its page; all are made, and `typed` is encrypted, with a secret that only the browser has.
    """

    __tablename__ = "kept_form"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    page_id: Mapped[str] = mapped_column(String(64), index=True)
    until: Mapped[datetime] = mapped_column(index=True)
    typed: Mapped[bytes] = mapped_column(LargeBinary)


KEPT_FORMS = Retention("kept forms", KeptForm, lambda before: KeptForm.until < before, lambda: timedelta(0))
"""What was typed goes once its time is over."""
