"""Whether a restored service is what it was: its log is read whole, its newest certificate is verified."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shared.audit import AuditRow
from shared.clock import real_now
from shared.database.unit import Database
from shared.objectstore.port import ObjectStore

CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Looked:
    """Acts in the audit log and when the newest was; the certificate that was verified and what failed of it."""

    acts: int
    newest: datetime | None
    number: str = ""
    failed: str = ""


def look_into(database: Database, store: ObjectStore) -> Looked:
    """Read every act of the service's audit log; at certificate verify the newest certificate, too.

    Raises DatabaseAway, StoreUnavailable and NotFound.
    """
    acts, newest = 0, None
    with database.reading() as session:
        for row in session.scalars(select(AuditRow).order_by(AuditRow.position).execution_options(yield_per=500)):
            acts, newest = acts + 1, row.at
    if database.service != CERTIFICATE:
        return Looked(acts, newest)
    return Looked(acts, newest, *verify_newest(database, store))


def verify_newest(database: Database, store: ObjectStore) -> tuple[str, str]:
    """The number of the newest certificate that was handed out, and which check of it failed; both may be empty."""
    from services.certificate.checking.queries.checks import describe_issuer
    from services.certificate.domain.versions import HANDED_OUT
    from services.certificate.models import Certificate, Version
    from shared.credentials.verification import Trust, verify_credential

    with database.reading() as session:
        newest = select(Version).where(Version.state.in_(HANDED_OUT)).order_by(Version.state_since.desc()).limit(1)
        version = session.scalar(newest)
        if version is None:
            return "", ""
        number = session.get_one(Certificate, version.certificate_id).number
        issuer = describe_issuer(session)
    verdict = verify_credential(store.get(version.object_key), Trust(issuer, real_now()))
    failed = [f"{finding.check.value}: {finding.words.en}" for finding in verdict.findings if not finding.passed]
    return number, "; ".join(failed)
