"""What shows that the register can be believed: proofs, time stamps, keys, checks of the store."""

import base64
import logging
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.checking.typed import read_token
from services.certificate.domain.versions import HANDED_OUT
from services.certificate.models import Certificate, Version
from services.certificate.trust.domain import Discrepancy, KeyKind, Phase
from services.certificate.trust.models import SigningKey, StoreCheck, StoreFinding, Timestamp, TimestampLeaf
from services.certificate.trust.stamped import list_leaves
from shared.documents import merkle
from shared.documents.timestamps import Proof
from shared.errors import N_, Conflict, NotFound
from shared.pagination import Page, PageQuery, paginate

log = logging.getLogger(__name__)

CSV_COLUMNS = (N_("Temuan"), N_("Berkas"), N_("Nomor sertifikat"), N_("Menurut register"), N_("Di penyimpanan"),
               N_("Waktu"))  # fmt: skip


class KeyView(BaseModel):
    """A key that was used; `public` is a chain of certificates in PEM, or a Multikey."""

    id: str
    kind: KeyKind
    public: str
    first_used_at: datetime
    retired_at: datetime | None


class TimestampView(BaseModel):
    """One batch; without `at` it still waits for its stamp, and `error` says why."""

    id: int
    root: str
    count: int
    closed_at: datetime
    at: datetime | None
    authority: str
    tries: int
    error: str


class StoreCheckView(BaseModel):
    """One comparison of register and store; numbers are of files."""

    id: UUID
    full: bool
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    phase: Phase
    in_register: int
    in_store: int
    matched: int
    read: int
    wrong: int


class StoreFindingView(BaseModel):
    """One file that does not agree: `expected` by the register, `found` in the store."""

    kind: Discrepancy
    key: str
    number: str
    expected: str
    found: str
    at: datetime


def view_proof(session: Session, token: str) -> Proof:
    """Return the proof that the version with this check token stood in the register at a time.

    Raises Invalid for what has not the form of a token, NotFound for an unknown one and before the stamp has come,
    Conflict when the register was altered since: the root is computed anew from it, and must be the stamped one.
    """
    version = session.scalars(
        select(Version).where(Version.check_token == read_token(token), Version.state.in_(HANDED_OUT))
    ).one_or_none()
    if version is None:
        raise NotFound("certificate-not-genuine", N_("Tidak ada sertifikat dengan kode pemeriksaan ini."))
    place = session.get(TimestampLeaf, version.id)
    batch = session.get(Timestamp, place.timestamp_id) if place else None
    if place is None or batch is None or batch.response is None or batch.at is None:
        raise NotFound(
            "proof-not-yet", N_("Stempel waktu untuk sertifikat ini belum ada. Coba lagi beberapa saat kemudian.")
        )
    leaves = list_leaves(session, batch.id)
    if merkle.merkle_root(leaves).hex() != batch.root:
        log.error("the register does not lead to the stamped root of batch %s any more", batch.id)
        raise Conflict("register-altered", N_("Register tidak lagi cocok dengan stempel waktunya. Hubungi LSP."))
    number = session.get_one(Certificate, version.certificate_id).number
    return Proof(
        format="kompeten-register-proof/1",
        number=number,
        version=version.version,
        sha256=version.sha256,
        position=place.position,
        count=batch.count,
        path=[step.hex() for step in merkle.merkle_path(leaves, place.position)],
        root=batch.root,
        at=batch.at,
        authority=batch.tsa,
        timestamp=base64.b64encode(batch.response).decode(),
    )


def list_timestamps(session: Session, limit: int = 10) -> list[TimestampView]:
    """List the newest batches of time stamps."""
    rows = session.scalars(select(Timestamp).order_by(Timestamp.id.desc()).limit(limit))
    return [
        TimestampView(
            id=row.id, root=row.root, count=row.count, closed_at=row.closed_at, at=row.at, authority=row.tsa,
            tries=row.tries, error=row.error,
        )
        for row in rows
    ]  # fmt: skip


def list_signing_keys(session: Session) -> list[KeyView]:
    """Every key that was ever used, the newest first."""
    rows = session.scalars(select(SigningKey).order_by(SigningKey.first_used_at.desc(), SigningKey.id))
    return [KeyView.model_validate(row, from_attributes=True) for row in rows]


def list_store_checks(session: Session, limit: int = 10) -> list[StoreCheckView]:
    """The newest checks of the store."""
    rows = session.scalars(select(StoreCheck).order_by(StoreCheck.asked_at.desc()).limit(limit))
    return [StoreCheckView.model_validate(row, from_attributes=True) for row in rows]


def view_store_check(session: Session, check_id: UUID) -> StoreCheckView:
    """Return one check of the store, as far as it has come. Raises NotFound."""
    row = session.get(StoreCheck, check_id)
    if row is None:
        raise NotFound("store-check-unknown", N_("Pemeriksaan ini tidak ada."))
    return StoreCheckView.model_validate(row, from_attributes=True)


def list_store_findings(session: Session, check_id: UUID, query: PageQuery) -> Page[StoreFindingView]:
    """What one check found, a page at a time. Raises NotFound."""
    view_store_check(session, check_id)
    of_check = select(StoreFinding).where(StoreFinding.check_id == check_id).order_by(StoreFinding.key)
    return paginate(session, of_check, query, lambda row: StoreFindingView.model_validate(row, from_attributes=True))


def list_finding_rows(session: Session, check_id: UUID) -> Iterator[tuple[object, ...]]:
    """The cells of all that one check found, for a file."""
    of_check = select(StoreFinding).where(StoreFinding.check_id == check_id).order_by(StoreFinding.key)
    for row in session.scalars(of_check.execution_options(yield_per=500)):
        yield row.kind, row.key, row.number, row.expected, row.found, row.at


def find_unsettled_check(session: Session) -> StoreCheckView | None:
    """The last check that ended, if it found something wrong: it stays on the work list until one finds nothing."""
    last = session.scalars(
        select(StoreCheck).where(StoreCheck.finished_at.is_not(None)).order_by(StoreCheck.finished_at.desc()).limit(1)
    ).one_or_none()
    return StoreCheckView.model_validate(last, from_attributes=True) if last and last.wrong else None


def count_lost_files(session: Session) -> int:
    """How many files the last check that ended did not find in the store, or found altered."""
    last = find_unsettled_check(session)
    if last is None:
        return 0
    lost = StoreFinding.kind.in_((Discrepancy.MISSING, Discrepancy.ALTERED))
    of_check = (StoreFinding.check_id == last.id) & lost
    return session.scalar(select(func.count()).select_from(StoreFinding).where(of_check)) or 0
