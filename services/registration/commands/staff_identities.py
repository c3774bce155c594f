"""One person has one account as staff, whatever addresses they have; told by the NIK an administrator gave.

Whoever binds a NIK holds the locks of `require_account_keeper`, so that two never bind the same one at once. Those of
staff are some dozens: they are opened and compared, and need no keyed hashes that would be renewed with the keys.
"""

from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.authority import require_account_keeper
from services.registration.commands.loading import load_account
from services.registration.domain.accounts import AccountState, is_staff
from services.registration.domain.identity import read_nik
from services.registration.models.accounts import Account
from services.registration.models.staff import StaffIdentity
from shared.audit import record_act
from shared.clock import real_now
from shared.contracts.registration import AccountChanged
from shared.errors import N_, Conflict, Invalid
from shared.messaging.outbox import announce
from shared.pasted_text import Code
from shared.security.actor import SYSTEM, Actor

NIK_MISSING = N_("Isi NIK orang ini terlebih dahulu: satu orang hanya mempunyai satu akun petugas.")
OWN_NIK = N_("NIK Anda sendiri diganti oleh administrator lain.")
HAS_ACCOUNT = N_("Orang dengan NIK ini sudah mempunyai akun petugas: {name}. Ubah peran akun itu.")


class GiveNik(BaseModel):
    """Whose account it is."""

    nik: Code = Field(min_length=1, max_length=40, description="Identity number, 16 digits.", repr=False)


def give_nik(session: Session, actor: Actor, account_id: UUID, given: GiveNik) -> Account:
    """Note whose account it is, by the identity number; what was noted before is replaced.

    Nobody replaces their own: under another number they could verify the file they applied with (R25). Raises NotFound,
    Invalid for what no NIK can be, Conflict for the own one once it is noted, and when that person has another
    account as staff, and as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    account = load_account(session, account_id)
    if account.id == actor.id and has_nik(session, actor.id):
        raise Conflict("own-nik", OWN_NIK, fields={"nik": OWN_NIK})
    bind_staff_nik(session, actor, account, given.nik)
    announce(session, account, AccountChanged(**describe_account(session, account)))
    if is_staff(account.roles) and account.active:
        check_person(session, actor, account)
    return account


def bind_staff_nik(session: Session, actor: Actor, account: Account, nik: str) -> None:
    """Bind the NIK to the account. The caller holds the locks. Raises Invalid on `nik`."""
    digits = read_nik(nik).digits
    known = session.get(StaffIdentity, account.id)
    if known is None:
        session.add(StaffIdentity(account_id=account.id, nik=digits))
    else:
        known.nik, known.given_at = digits, real_now()
    session.flush()
    find_person_id(session, account.id, anew=True)
    record_act(session, actor, "account:give-nik", account.subject)


def find_person_id(session: Session, account_id: UUID, *, anew: bool = False) -> UUID | None:
    """Return the id that all accounts with the NIK of this one share, made when it is first asked for; None without.

    `anew` forgets the one it had: the NIK is another one now.
    """
    known = session.get(StaffIdentity, account_id)
    if known is None:
        return None
    if known.person_id is None or anew:
        others = session.scalars(select(StaffIdentity).where(StaffIdentity.account_id != account_id))
        same = [other.person_id for other in others if other.nik == known.nik and other.person_id is not None]
        known.person_id = same[0] if same else uuid4()
        session.flush()
    return known.person_id


def describe_account(session: Session, account: Account) -> dict[str, Any]:
    """Return what the other stages are told of the account: the fields of `AccountOpened` and `AccountChanged`."""
    return {
        "account_id": account.id,
        "name": account.name,
        "email": account.email,
        "language": account.language,
        "roles": sorted(role.value for role in account.roles),
        "active": account.active,
        "person_id": find_person_id(session, account.id),
    }


def check_person(session: Session, actor: Actor, account: Account) -> None:
    """Refuse roles of staff for somebody whose NIK is not known, or who has another account as staff.

    The system itself may do without a NIK: the first administrator's is not known to it. Raises Invalid and Conflict.
    """
    known = session.get(StaffIdentity, account.id)
    if known is None:
        if actor == SYSTEM:
            return
        raise Invalid("nik-missing", NIK_MISSING, fields={"nik": NIK_MISSING})
    other = _find_other_account(session, known)
    if other is not None:
        raise Conflict("person-has-account", HAS_ACCOUNT, name=other.name)


def has_nik(session: Session, account_id: UUID) -> bool:
    """Whether it is known whose account it is."""
    return session.scalar(select(StaffIdentity.account_id).where(StaffIdentity.account_id == account_id)) is not None


def is_nik_of(session: Session, account_id: UUID, nik: str | None) -> bool:
    """Whether the member of staff with this account is the person with this NIK (R25; ISO/IEC 17024 4.3)."""
    known = session.get(StaffIdentity, account_id)
    return known is not None and nik is not None and known.nik == nik


def _find_other_account(session: Session, known: StaffIdentity) -> Account | None:
    others = (
        select(Account, StaffIdentity)
        .join(StaffIdentity, StaffIdentity.account_id == Account.id)
        .where(Account.id != known.account_id, Account.state == AccountState.ACTIVE)
    )
    for account, identity in session.execute(others):
        if identity.nik == known.nik and is_staff(account.roles):
            return account
    return None
