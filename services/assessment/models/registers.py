"""The registers of assessors and of assessment centres (TUK)."""

from datetime import date

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.domain.impartiality import Registration
from services.assessment.domain.venue import CentreKind, Verification
from services.assessment.models.base import Base
from shared.database.base import Aggregate
from shared.database.types import word_column


class Assessor(Aggregate, Base):
    """An assessor's MET registration; `id` is that of the account, whose name stands in the copy of it."""

    __tablename__ = "assessors"
    subject_kind = "assessor"

    name: Mapped[str] = mapped_column(String(200), index=True)
    met_number: Mapped[str] = mapped_column(String(40), unique=True)
    valid_until: Mapped[date]
    schemes: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)

    def registration(self, may_assess: bool) -> Registration:
        """What the rules ask; `may_assess` is whether the account still has the role."""
        return Registration(self.id, self.valid_until, frozenset(self.schemes), self.active and may_assess)


class Centre(Aggregate, Base):
    """A TUK; `capacity` is the seats at one time."""

    __tablename__ = "centres"
    subject_kind = "centre"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[CentreKind] = mapped_column(word_column(CentreKind, 30))
    address: Mapped[str] = mapped_column(Text)
    verified_until: Mapped[date]
    schemes: Mapped[list[str]]
    capacity: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def verification(self) -> Verification:
        """The TUK as the rules read it (R6)."""
        return Verification(self.verified_until, frozenset(self.schemes), self.capacity, self.active)
