"""What holds a person's one place in a scheme: an application, or its certificate (domain handbook 10)."""

from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.models.base import Base


class SchemeHold(Base):
    """One row per account and scheme: its key lets no second application and no second certificate in beside it.

    `application_id` is the application that is under way; with a `certificate` it is the one the certificate came of.
    A NIK belongs to one account (`NikIndex`), so that one row per account is one row per person.
    """

    __tablename__ = "scheme_holds"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    scheme_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(unique=True)
    certificate: Mapped[str | None] = mapped_column(String(60), default=None, index=True)
