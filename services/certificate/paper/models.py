"""The stock of pre-printed sheets, what each was used for, and to whom certificates were handed (domain handbook 5)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.certificate.models.base import Base
from services.certificate.models.certificates import Version
from services.certificate.paper.domain import Manner, SheetState
from shared import clock
from shared.database.base import Aggregate
from shared.database.types import word_column

ONLY_USED = text("state = 'used'")


class StockRange(Aggregate, Base):
    """Sheets received with one letter: `prefix` and the numbers `first` to `last`, printed with `digits` digits."""

    __tablename__ = "stock_range"
    subject_kind = "stock-range"

    letter_number: Mapped[str] = mapped_column(String(100))
    received_on: Mapped[date]
    prefix: Mapped[str] = mapped_column(String(20))
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    digits: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    received_by: Mapped[str] = mapped_column(String(200))


class StockSheet(Base):
    """One sheet. `version_id` is what stands on it, also on a spoiled one; `run_id` joins what was printed together.

    The database itself sees to it that a number exists once, and that a version stands on one sheet that counts.
    """

    __tablename__ = "stock_sheet"
    __table_args__ = (
        UniqueConstraint("prefix", "number"),
        Index("ix_stock_sheet_next", "state", "prefix", "number"),
        Index(
            "uq_stock_sheet_used_version",
            "version_id",
            unique=True,
            postgresql_where=ONLY_USED,
            sqlite_where=ONLY_USED,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    range_id: Mapped[UUID] = mapped_column(ForeignKey("stock_range.id"), index=True)
    prefix: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(40))
    state: Mapped[SheetState] = mapped_column(word_column(SheetState), default=SheetState.FREE)
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate_version.id"), index=True, default=None)
    run_id: Mapped[UUID | None] = mapped_column(index=True, default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    used_by: Mapped[str] = mapped_column(String(200), default="")
    spoiled_at: Mapped[datetime | None] = mapped_column(default=None)
    spoiled_by: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    range: Mapped[StockRange] = relationship()
    version: Mapped[Version | None] = relationship()
    hand_over: Mapped["HandOver | None"] = relationship(back_populates="sheet")

    @property
    def subject(self) -> str:
        return f"sheet/{self.id}"


class HandOver(Base):
    """A printed certificate given to its holder, or to a courier: to whom, when, by whom."""

    __tablename__ = "hand_over"

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("stock_sheet.id"), primary_key=True)
    manner: Mapped[Manner] = mapped_column(word_column(Manner))
    handed_on: Mapped[date] = mapped_column(index=True)
    receiver: Mapped[str] = mapped_column(String(200))
    courier: Mapped[str] = mapped_column(String(100), default="")
    tracking: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    handed_by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    sheet: Mapped[StockSheet] = relationship(back_populates="hand_over")
