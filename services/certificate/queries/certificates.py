"""Certificates for those who may see more than the public."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.certificate.access import READERS, require_readable
from services.certificate.domain.states import LIVING, PUBLIC, Act, State
from services.certificate.domain.validity import judge_state_on
from services.certificate.domain.versions import HANDED_OUT, Cause, VersionState
from services.certificate.making.queries import Trouble
from services.certificate.models import Certificate, Version
from services.certificate.queries.orders import find_version_troubles
from shared import clock
from shared.errors import N_
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.security.actor import Actor

CSV_COLUMNS = (
    N_("Nomor sertifikat"), N_("Nomor registrasi"), N_("Nama"), N_("Skema"), N_("Status"), N_("Tanggal terbit"),
    N_("Berlaku sampai"), N_("Ditangguhkan sampai"), N_("Menggantikan"),
)  # fmt: skip
EXPORT_BATCH = 500


class CertificateQuery(PageQuery):
    """Part of the register; `scheme` is a scheme's id, `expiring_before` a day."""

    scheme: str = Field("", max_length=60, description="Only of this scheme.")
    expiring_before: date | None = Field(None, description="Only valid ones that end before this day.")


class CertificateSummary(BaseModel):
    """One certificate as a list shows it; `state` is that of today."""

    id: UUID
    number: str
    registration_number: str
    holder_name: str
    scheme_id: str
    scheme_title: str
    state: State
    state_since: datetime
    suspended_until: date | None
    issued_on: date
    expires_on: date
    renews: str | None


class VersionView(BaseModel):
    """One version. `sha256` and `size` are of the stored PDF; `in_force_since` is when it was handed out.

    `trouble` says why one in the making is not done yet.
    """

    id: UUID
    version: int
    cause: Cause
    state: VersionState
    state_since: datetime
    holder_name: str
    units: list[str]
    reason: str
    check_url: str
    sha256: str
    size: int
    ordered_at: datetime
    ordered_by: str
    in_force_since: datetime | None
    trouble: Trouble | None = None


class ChangeView(BaseModel):
    """One step in a certificate's life, with its reason."""

    act: Act
    version: int | None
    reason: str
    until: date | None
    by: str
    at: datetime


class CertificateView(CertificateSummary):
    """One certificate. `check_url`, `sha256` and `size` are of the version in force."""

    application_id: UUID
    holder_id: UUID
    scheme_version: str
    units: list[str]
    issuer: str
    check_url: str
    numbered_at: datetime
    issued_at: datetime | None
    sha256: str
    size: int
    current_version: int
    versions: list[VersionView]
    changes: list[ChangeView]


def list_certificates(session: Session, query: CertificateQuery) -> Page[CertificateSummary]:
    """The register of certificates, newest first, voided numbers included."""
    sorts = {
        "number": Certificate.serial,
        "name": Certificate.holder_name,
        "expires": Certificate.expires_on,
        "issued": Certificate.issued_on,
    }
    return paginate(session, _matching(query), query, _summary, sorts=sorts)


def list_register_rows(session: Session, query: CertificateQuery) -> Iterator[tuple[object, ...]]:
    """Yield a row of cells for every certificate of the list, as its table has them."""
    for row in session.scalars(_matching(query).execution_options(yield_per=EXPORT_BATCH)):
        yield (
            row.number, row.registration_number, row.holder_name, row.scheme_title, _today(row), row.issued_on,
            row.expires_on, row.suspended_until, row.renews,
        )  # fmt: skip


def list_register_holders(session: Session, query: CertificateQuery) -> list[UUID]:
    """The accounts of the holders on that list."""
    return list(session.scalars(_matching(query).with_only_columns(Certificate.holder_id).order_by(None)))


def list_held_certificates(session: Session, holder_id: UUID) -> list[CertificateSummary]:
    """Somebody's certificates, newest first; what is still in the making is not shown."""
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.holder_id == holder_id, Certificate.state.in_(PUBLIC))
        .order_by(Certificate.serial.desc())
    )
    return [_summary(row) for row in rows]


def view_certificate(session: Session, actor: Actor, certificate_id: UUID) -> CertificateView:
    """Return one's own certificate, or anybody's for those who read the register. Raises NotFound.

    Holders see the versions that were handed out to them.
    """
    row = require_readable(actor, session.get(Certificate, certificate_id))
    view = describe_certificate(row)
    if not actor.has(*READERS):
        view.versions = [version for version in view.versions if version.state in HANDED_OUT]
        return view
    found = find_version_troubles(
        session, [version for version in row.versions if version.state is VersionState.MAKING]
    )
    for version in view.versions:
        version.trouble = found.get(version.id)
    return view


def describe_certificate(row: Certificate) -> CertificateView:
    """The certificate with its versions and history, read in the row's session."""
    current = row.current
    began = {change.version: change.at for change in row.changes if change.version is not None}
    return CertificateView(
        **_summary(row).model_dump(),
        application_id=row.application_id,
        holder_id=row.holder_id,
        scheme_version=row.scheme_version,
        units=row.units,
        issuer=row.issuer,
        check_url=current.check_url,
        numbered_at=row.numbered_at,
        issued_at=row.issued_at,
        sha256=current.sha256,
        size=current.size,
        current_version=row.current_version,
        versions=[_version(version, began.get(version.version)) for version in row.versions],
        changes=[
            ChangeView(
                act=change.act,
                version=change.version,
                reason=change.reason,
                until=change.until,
                by=change.actor_name,
                at=change.at,
            )
            for change in row.changes
        ],
    )


def _matching(query: CertificateQuery) -> Select[Certificate]:
    statement = select(Certificate).order_by(Certificate.serial.desc())
    today = clock.today()
    if query.status in {state.value for state in State}:
        state = State(query.status)
        ended = Certificate.state.in_(LIVING) & (Certificate.expires_on < today)
        if state is State.EXPIRED:
            statement = statement.where((Certificate.state == state) | ended)
        else:
            statement = statement.where(Certificate.state == state, ~ended)
    if query.q:
        statement = statement.where(
            contains_text(query.q, Certificate.number, Certificate.registration_number, Certificate.holder_name)
        )
    if query.scheme:
        statement = statement.where(Certificate.scheme_id == query.scheme)
    if query.expiring_before:
        statement = statement.where(
            Certificate.state.in_(LIVING),
            Certificate.expires_on < query.expiring_before,
            Certificate.expires_on >= today,
        )
    return statement


def _today(row: Certificate) -> State:
    return judge_state_on(row.state, row.expires_on, clock.today())


def _version(row: Version, began: datetime | None) -> VersionView:
    return VersionView(
        id=row.id,
        version=row.version,
        cause=row.cause,
        state=row.state,
        state_since=row.state_since,
        holder_name=row.holder_name,
        units=row.units,
        reason=row.reason,
        check_url=row.check_url,
        sha256=row.sha256,
        size=row.size,
        ordered_at=row.made_at,
        ordered_by=row.ordered_by,
        in_force_since=began,
    )


def _summary(row: Certificate) -> CertificateSummary:
    return CertificateSummary(
        id=row.id,
        number=row.number,
        registration_number=row.registration_number,
        holder_name=row.holder_name,
        scheme_id=row.scheme_id,
        scheme_title=row.scheme_title,
        state=_today(row),
        state_since=row.state_since,
        suspended_until=row.suspended_until,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        renews=row.renews,
    )
