"""What surveillance does when it hears of something."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.surveillance.domain.workflow import State
from services.surveillance.models import AccountCopy, Holding, Renewal, Status, Surveillance
from shared.contracts.certificate import (
    CertificateExpired,
    CertificateReinstated,
    CertificateSuspended,
    CertificateWithdrawn,
)
from shared.contracts.registration import AccountChanged, AccountOpened, ApplicationFiled, ApplicationWithdrawn
from shared.contracts.surveillance import SurveillanceScheduled
from shared.database.unit import Database
from shared.messaging.reactions import NotYet
from tests.unit.surveillance.facts import HOLDER, SCHEME, hear, issued, told

AT = datetime(2027, 1, 5, tzinfo=UTC)
SHORT = {"certificate_id": UUID(int=100), "number": "n", "holder_id": HOLDER.id, "scheme_title": "contoh"}
APPLICATION = {
    "application_id": UUID(int=300),
    "applicant_id": HOLDER.id,
    "scheme_id": SCHEME,
    "scheme_version": "2026.1",
    "scheme_title": "contoh",
}


def filed(renews: str | None, round_: int = 1) -> ApplicationFiled:
    return ApplicationFiled(**APPLICATION, round=round_, filed_at=AT, period_id=None, renews=renews)


def status(database: Database) -> Status:
    with database.reading() as session:
        return session.scalars(select(Holding.status)).one()


def test_an_issued_certificate_gets_its_due_dates_told(database: Database) -> None:
    hear(database, issued())
    [scheduled] = told(database, SurveillanceScheduled)
    assert scheduled.due_on == [date(2027, 11, 21), date(2028, 11, 21)]
    assert scheduled.certificate_number == "91011 2622 5 000001 2026"
    with database.reading() as session:
        rows = session.scalars(select(Surveillance).order_by(Surveillance.year)).all()
        assert [(row.year, row.due_on, row.state) for row in rows] == [
            (1, date(2027, 11, 21), State.SCHEDULED),
            (2, date(2028, 11, 21), State.SCHEDULED),
        ]


def test_hearing_of_a_certificate_again_changes_nothing(database: Database) -> None:
    hear(database, issued())
    hear(database, issued(holder_name="LAIN"), sequence=9)
    assert len(told(database, SurveillanceScheduled)) == 1
    with database.reading() as session:
        assert session.scalars(select(Holding.holder_name)).one() == "SITI CONTOH"


def test_a_suspension_that_overtakes_the_issue_waits_for_it(database: Database) -> None:
    suspended = CertificateSuspended(**SHORT, reason="contoh", until=date(2027, 6, 1), at=AT)
    with pytest.raises(NotYet):
        hear(database, suspended, sequence=2)
    hear(database, issued())
    hear(database, suspended, sequence=2)
    assert status(database) is Status.SUSPENDED


def test_an_older_state_never_replaces_a_newer_one(database: Database) -> None:
    hear(database, issued())
    hear(database, CertificateReinstated(**SHORT, reason="contoh", at=AT), sequence=3)
    hear(database, CertificateSuspended(**SHORT, reason="contoh", until=date(2027, 6, 1), at=AT), sequence=2)
    assert status(database) is Status.VALID


def test_withdrawal_and_expiry_are_noted(database: Database) -> None:
    hear(database, issued())
    hear(database, CertificateWithdrawn(**SHORT, reason="contoh", at=AT), sequence=2)
    assert status(database) is Status.WITHDRAWN
    hear(database, CertificateExpired(**SHORT, at=AT), sequence=3)
    assert status(database) is Status.EXPIRED


def test_an_application_that_renews_nothing_is_not_kept(database: Database) -> None:
    hear(database, filed(None))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Renewal)) == 0


@pytest.mark.parametrize("order", [["filed", "withdrawn"], ["withdrawn", "filed"]])
def test_a_withdrawn_renewal_counts_no_longer_in_whatever_order_it_is_heard(
    database: Database, order: list[str]
) -> None:
    facts = {"filed": (filed("A"), 1), "withdrawn": (ApplicationWithdrawn(**APPLICATION, reason="contoh"), 2)}
    for name in order:
        hear(database, *facts[name])
    with database.reading() as session:
        [renewal] = session.scalars(select(Renewal))
        assert (renewal.number, renewal.withdrawn) == ("A", True)


def test_a_second_round_of_the_same_application_is_the_same_renewal(database: Database) -> None:
    hear(database, filed("A"))
    hear(database, filed("A", 2), sequence=4)
    with database.reading() as session:
        assert session.scalars(select(Renewal)).one().sequence == 4


def test_the_account_copy_follows_the_newest_change(database: Database, on_day: Callable[[date], None]) -> None:
    known = {"account_id": HOLDER.id, "email": "x@contoh.test", "language": "id", "roles": [], "active": True}
    hear(database, AccountChanged(**known, name="Nama Baru Contoh"), sequence=2)
    hear(database, AccountOpened(**known, name="Nama Lama Contoh"), sequence=1)
    with database.reading() as session:
        assert session.scalars(select(AccountCopy.name)).one() == "Nama Baru Contoh"
