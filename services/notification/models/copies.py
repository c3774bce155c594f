"""What notification keeps of facts that registration tells: the accounts it writes to."""

from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.models.base import Base


class AccountCopy(Base):
    """This service's copy of an account, as of its event number `sequence`: the address and language to write in."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(8))
    active: Mapped[bool]
    sequence: Mapped[int]
