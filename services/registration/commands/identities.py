"""One NIK is one person (domain handbook 3.4): it is bound to the account that filed with it first.

A NIK is found by its keyed hashes (`NikIndex`), one for each key of the ring. Whoever files looks for all of them and
writes all of them, so that no second account gets by while keys are rolled.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from services.registration.encrypted_kinds import NIK
from services.registration.models import Application, Identity, NikIndex, SchemeHold
from shared.database.unit import Database
from shared.security.encryption import is_newest_index, list_blind_indexes

BATCH = 200
TAKEN = select(
    exists().where(
        NikIndex.nik_index.in_(bindparam("marks", expanding=True)), NikIndex.account_id != bindparam("account")
    )
)


def list_marks(application: Application) -> list[str]:
    """Return the hashes under which the NIK of a checked form is found, in order."""
    assert application.nik is not None  # noqa: S101 - the form was checked
    return _list_marks(application.nik)


def is_taken(session: Session, account_id: UUID, marks: Sequence[str]) -> bool:
    """Whether another account has filed with the NIK that has these hashes."""
    return bool(session.scalar(TAKEN, {"marks": marks, "account": account_id}))


def bind_nik(session: Session, application: Application, identity: Identity | None, marks: Sequence[str]) -> None:
    """Bind the NIK to the account; a corrected one takes the place of the old, which stays as long as another
    application of the account lives under it: one person would have two for one scheme otherwise.

    Raises IntegrityError of `nik_index` when somebody else was faster.
    """
    assert application.nik is not None  # noqa: S101
    account_id = application.applicant_id
    if identity is None:
        with session.no_autoflush:  # the application is written once, when filing has told all of it
            session.execute(insert(Identity), [{"account_id": account_id, "nik": application.nik}])
            _add_marks(session, account_id, marks)
        return
    if identity.nik != application.nik:
        identity.nik = application.nik
        session.flush()  # holds the row: nobody writes hashes of the old one any more
        kept = {*marks, *_list_living_marks(session, account_id, but=application.id)}
        session.execute(delete(NikIndex).where(NikIndex.account_id == account_id, NikIndex.nik_index.not_in(kept)))
    _add_marks(session, account_id, set(marks) - _find_marks(session, account_id))


def renew_marks(database: Database) -> int:
    """Give every NIK its hash under the newest key, and take away those of keys that are gone; return how many changed.

    Safe while people file, to repeat and to interrupt: each NIK is a transaction of its own.
    """
    changed, last = 0, None
    while batch := _list_accounts(database, last):
        for account_id in batch:
            with database.unit_of_work() as session:
                changed += _renew_marks(session, account_id)
        last = batch[-1]
    return changed


def count_unmarked(database: Database) -> int:
    """How many NIKs have no hash under the newest key yet."""
    with database.reading() as session:
        rows = session.execute(select(Identity.account_id, NikIndex.nik_index).outerjoin(NikIndex)).all()
    marked = {account_id for account_id, mark in rows if mark and is_newest_index(NIK, mark)}
    return len({account_id for account_id, _ in rows} - marked)


def _list_accounts(database: Database, last: UUID | None) -> list[UUID]:
    every = select(Identity.account_id).order_by(Identity.account_id).limit(BATCH)
    with database.reading() as session:
        return list(session.scalars(every if last is None else every.where(Identity.account_id > last)))


def _renew_marks(session: Session, account_id: UUID) -> bool:
    identity = session.get(Identity, account_id, with_for_update=True)
    if identity is None:
        return False
    wanted = {*_list_marks(identity.nik), *_list_living_marks(session, account_id)}
    have = _find_marks(session, account_id)
    session.execute(delete(NikIndex).where(NikIndex.account_id == account_id, NikIndex.nik_index.in_(have - wanted)))
    _add_marks(session, account_id, wanted - have)
    return wanted != have


def _list_living_marks(session: Session, account_id: UUID, but: UUID | None = None) -> set[str]:
    """The hashes of the NIKs under which filed applications of the account live, `but` one."""
    niks = session.scalars(
        select(Application.nik)
        .join(SchemeHold, SchemeHold.application_id == Application.id)
        .where(SchemeHold.account_id == account_id, Application.round > 0, Application.id != but)
        .distinct()
    )
    return {mark for nik in niks if nik for mark in _list_marks(nik)}


def _find_marks(session: Session, account_id: UUID) -> set[str]:
    return set(session.scalars(select(NikIndex.nik_index).where(NikIndex.account_id == account_id)))


def _add_marks(session: Session, account_id: UUID, marks: Iterable[str]) -> None:
    rows = [{"nik_index": mark, "account_id": account_id} for mark in sorted(marks)]
    if rows:
        session.execute(insert(NikIndex), rows)


def _list_marks(nik: str) -> list[str]:
    return sorted(list_blind_indexes(NIK, nik, "nik"))
