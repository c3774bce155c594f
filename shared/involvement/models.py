"""The table of the involvement record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from shared.contracts.words import Involvement
from shared.database.base import SharedBase
from shared.database.types import word_column


class InvolvedPerson(SharedBase):
    """One person's part in one case. Rows are added and read, never changed (`shared/database/privileges.py`)."""

    __tablename__ = "involvements"

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    part: Mapped[Involvement] = mapped_column(word_column(Involvement), primary_key=True)
    applicant_id: Mapped[UUID] = mapped_column(index=True)
    since: Mapped[datetime]
