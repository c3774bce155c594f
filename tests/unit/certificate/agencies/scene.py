"""Public events without the whole way to a certificate."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.clock import now, today
from shared.contracts import Fact
from shared.contracts.public import CertificateIssued, CertificateSuspended, PublicCertificate
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.messaging.outbox import announce

LAST_DAY = today() + timedelta(days=365)


class Unit(BaseModel):
    code: str
    title: str


class Told:
    """Something that is told of, with a number of its own."""

    def __init__(self) -> None:
        self.sequence = 0
        self.id = uuid4()

    @property
    def subject(self) -> str:
        return f"certificate/{self.id}"


def issued(number: int = 1) -> CertificateIssued:
    return CertificateIssued(**_shown(number), units=["R.91PRP02.021.1"])


def suspended(number: int = 1) -> CertificateSuspended:
    return CertificateSuspended(**{**_shown(number), "status": "suspended"}, at=now())


def tell(session: Session, fact: PublicCertificate | None = None) -> None:
    announce(session, Told(), fact or issued())


def told(database: Database, fact: PublicCertificate | None = None) -> str:
    """One public event, committed; its id."""
    with database.unit_of_work() as session:
        tell(session, fact)
        session.flush()
        newest: UUID = session.scalars(select(OutboxRow.id).order_by(OutboxRow.position.desc()).limit(1)).one()
    return str(newest)


@contextmanager
def second_version() -> Iterator[type[Fact]]:
    """What a second version would be: units with their titles, where the first gave codes alone."""

    class CertificateIssued2(
        PublicCertificate,
        service="public",
        fact="certificate_issued",
        v=2,
        supersedes=CertificateIssued,
        promised_until=LAST_DAY,
    ):
        """Issued; each unit with its title."""

        units: list[Unit]

        def in_earlier_words(self) -> CertificateIssued:
            said = self.model_dump(exclude={"units"})
            return CertificateIssued(**said, units=[unit.code for unit in self.units])

    try:
        yield CertificateIssued2
    finally:
        del Fact._known[CertificateIssued2.type]


def titled(kind: type[Fact]) -> Any:
    """An issue as the second version says it."""
    units = [{"code": "R.91PRP02.021.1", "title": "Membuat Tajuk Kendali Subjek"}]
    return kind.model_validate({**_shown(1), "units": units})


def _shown(number: int) -> dict[str, object]:
    return {
        "number": f"91011 2622 5 {number:06} 2026",
        "holder_name": "SITI CONTOH",
        "scheme": "Layanan Dasar Perpustakaan",
        "issuer": "LSP contoh",
        "status": "valid",
        "issued_on": date(2026, 11, 21),
        "expires_on": date(2029, 11, 20),
        "check_url": "https://lsp.contoh.test/certificate/check/contoh",
    }
