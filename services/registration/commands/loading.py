"""Loads what an act is about: an application and its scheme, an account, a period.

Raises NotFound where there is none, and just the same for an application of somebody else: ids tell nobody anything.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from services.registration.models import Account, Application, Period
from shared.errors import N_, Conflict, NotFound
from shared.persons import normalise_email
from shared.schemes import Scheme, shipped_schemes
from shared.security.actor import Actor

UNKNOWN = N_("Permohonan tidak ditemukan.")
STALE = N_("Permohonan ini diubah di tempat lain. Muat ulang, periksa, lalu ulangi perubahan Anda.")


def load_own_application(session: Session, actor: Actor, application_id: UUID, *options: ORMOption) -> Application:
    """Load the actor's own application with its documents, and what `options` ask for besides.

    Raises NotFound, also for an application of somebody else. Nothing is locked: `version` of the row refuses the later
    of two writers with Conflict.
    """
    application = (
        session.scalars(
            select(Application)
            .where(Application.id == application_id, Application.applicant_id == actor.id)
            .options(joinedload(Application.documents), *options)
        )
        .unique()
        .one_or_none()
    )
    return require_application(application)


def load_application(session: Session, application_id: UUID, *options: ORMOption) -> Application:
    """Load the application with its documents, whoever's it is; the caller has asked who may see it.

    Raises NotFound.
    """
    application = (
        session.scalars(
            select(Application)
            .where(Application.id == application_id)
            .options(joinedload(Application.documents), *options)
        )
        .unique()
        .one_or_none()
    )
    return require_application(application)


def require_application(application: Application | None) -> Application:
    """Return the application that was looked for. Raises NotFound for None."""
    if application is None:
        raise NotFound("application-unknown", UNKNOWN)
    return application


def check_application_version(application: Application, version: int | None) -> None:
    """Raise Conflict when the caller saw an older version than the row has; None skips the check."""
    if version is not None and version != application.version:
        raise Conflict("changed-meanwhile", STALE, details={"version": application.version})


def load_scheme_to_file_under(application: Application) -> Scheme:
    """Return the scheme in the version in force; once filed, in the version it was filed under (R18, R27)."""
    return shipped_schemes().get(application.scheme_id, application.scheme_version if application.round else None)


def load_account(session: Session, account_id: UUID, version: int | None = None) -> Account:
    """Load the account. Raises NotFound, and Conflict when it is no longer at the `version` that was shown."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account-unknown", N_("Akun tidak ditemukan."))
    if version is not None and account.version != version:
        raise Conflict("changed-meanwhile", N_("Akun ini baru saja diubah orang lain. Muat ulang, lalu ulangi."))
    return account


def find_account_id(session: Session, email: str) -> UUID:
    """The id of the account with this address. Raises Invalid for what is no address, and NotFound."""
    found = session.scalar(select(Account.id).where(Account.email == normalise_email(email)))
    if found is None:
        raise NotFound("account-unknown", N_("Akun tidak ditemukan."))
    return found


def lock_account(session: Session, account_id: UUID, version: int | None = None) -> Account:
    """Load the account and lock it: signing in and whatever ends sessions go one after the other.

    Call it before anything else is read or written, as it reads the row anew. New rows that refer to the account do
    not wait. Raises as `load_account`.
    """
    session.get(Account, account_id, with_for_update={"key_share": True}, populate_existing=True)
    return load_account(session, account_id, version)


def load_period(session: Session, period_id: UUID) -> Period:
    """Load the period. Raises NotFound."""
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound("period-unknown", N_("Periode tidak ditemukan."))
    return period
