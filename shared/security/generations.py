"""Which access tokens count no longer, though they are signed and have not expired.

Every token carries the generation of its account. Registration raises the generation when authority ends:
deactivation, other roles, another password, another second factor, sign-out. It tells so (`TokensSuperseded`), every
service keeps the number, and a token of an earlier generation is refused there from then on. Accounts whose generation
was not raised lately are not in the table: all tokens from before have expired by themselves.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.contracts.envelope import Event
from shared.contracts.registration import TokensSuperseded
from shared.database.base import SharedBase
from shared.database.retention import Retention
from shared.database.upsert import insert_into

KEEP = timedelta(hours=3)
"""Longer than any token lives (`token_minutes` is 60 at most)."""


class AccountGeneration(SharedBase):
    """The generation that the tokens of an account must have at least."""

    __tablename__ = "account_generations"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    generation: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(default=clock.real_now, index=True)


def keep_generation(session: Session, account_id: UUID, generation: int) -> None:
    """Let only tokens of the account count that are of this generation or a later one; a lower number changes nothing.

    One statement, so that two who tell of one account at once need not wait for each other to fail.
    """
    told = insert_into(session, AccountGeneration).values(
        account_id=account_id, generation=generation, raised_at=clock.real_now()
    )
    session.execute(
        told.on_conflict_do_update(
            index_elements=["account_id"],
            set_={"generation": told.excluded.generation, "raised_at": told.excluded.raised_at},
            where=AccountGeneration.generation < told.excluded.generation,
        )
    )


def follow_generation(session: Session, event: Event[TokensSuperseded]) -> None:
    """Every service refuses the tokens that registration says count no longer."""
    keep_generation(session, event.fact.account_id, event.fact.generation)


def read_generation(session: Session, account_id: UUID) -> int:
    """The generation that tokens of the account must have at least; 0 when it was not raised lately."""
    found = session.scalar(select(AccountGeneration.generation).where(AccountGeneration.account_id == account_id))
    return found or 0


GENERATIONS_KEPT = Retention(
    "generations of accounts", AccountGeneration, lambda before: AccountGeneration.raised_at < before, lambda: KEEP
)
