"""What the owner of an account is shown of the second factor."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.recovery_codes import count_recovery_codes
from services.registration.domain.relying_party import find_relying_party
from services.registration.models.factors import Passkey, SecondFactor
from shared.settings import settings


class PasskeyView(BaseModel):
    """A passkey as its owner tells it from others."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


class FactorsView(BaseModel):
    """With what the account's second step can be done, and whether this site can have passkeys."""

    app_since: datetime | None
    passkeys: list[PasskeyView]
    codes_left: int
    offers_passkeys: bool

    @property
    def any(self) -> bool:
        """Whether there is a second factor."""
        return self.app_since is not None or bool(self.passkeys)


def view_factors(session: Session, account_id: UUID) -> FactorsView:
    """The account's app, passkeys (the oldest first) and unused recovery codes."""
    rows = session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.made_at))
    app = session.get(SecondFactor, account_id)
    return FactorsView(
        app_since=app.enrolled_at if app else None,
        passkeys=[describe_passkey(row) for row in rows],
        codes_left=count_recovery_codes(session, account_id),
        offers_passkeys=find_relying_party(settings().public_url) is not None,
    )


def describe_passkey(row: Passkey) -> PasskeyView:
    """Return the passkey as its owner sees it."""
    return PasskeyView(id=row.id, name=row.name, made_at=row.made_at, used_at=row.used_at)
