"""What corrections, reductions of scope and the officers' decisions change in this stage (R15, R16)."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from services.surveillance import queries
from services.surveillance.domain.workflow import State
from services.surveillance.models import Holding, Status, Surveillance
from shared import clock
from shared.contracts import Fact
from shared.contracts.certificate import (
    CertificateReinstated,
    CertificateReissued,
    CertificateScopeReduced,
    CertificateSuspended,
    CertificateWithdrawn,
)
from shared.database.unit import Database
from shared.messaging.reactions import NotYet
from shared.pagination import PageQuery
from tests.unit.surveillance.facts import HOLDER, hear, issued

AT = datetime(2027, 1, 5, tzinfo=UTC)
SHORT = {"certificate_id": UUID(int=100), "number": "n", "holder_id": HOLDER.id, "scheme_title": "contoh"}
UNITS = ["R.91PRP03.030.1", "R.91PRP03.031.1", "R.91PRP03.032.1"]


def link(version: int) -> str:
    return f"http://127.0.0.1:8000/certificate/check/{version}"


def corrected(version: int, name: str) -> CertificateReissued:
    return CertificateReissued(
        **SHORT, version=version, holder_name=name, check_url=link(version), sha256="1" * 64, reason="contoh", at=AT
    )


def reduced(version: int, units: list[str], at: datetime = AT) -> CertificateScopeReduced:
    return CertificateScopeReduced(
        **SHORT, version=version, units=units, check_url=link(version), sha256="2" * 64, reason="contoh", at=at
    )


def suspended(at: datetime = AT) -> CertificateSuspended:
    return CertificateSuspended(**SHORT, reason="contoh", until=date(2027, 6, 1), at=at)


def reinstated() -> CertificateReinstated:
    return CertificateReinstated(**SHORT, reason="contoh", at=AT)


def holding(database: Database) -> Holding:
    with database.reading() as session:
        return session.scalars(select(Holding)).one()


def proposals(database: Database) -> int:
    with database.reading() as session:
        return queries.list_proposals(session, PageQuery()).total


def propose(database: Database, state: State) -> datetime:
    """A review came to a proposal about the first year; returns when."""
    with database.unit_of_work() as session:
        session.scalars(select(Surveillance).order_by(Surveillance.year)).first().goes_to(state)  # type: ignore[union-attr]
        return clock.now()


LIFE: list[tuple[Fact, int]] = [
    (corrected(2, "SITI AMINAH CONTOH"), 2),
    (reduced(3, UNITS[:2]), 3),
    (suspended(), 4),
    (reinstated(), 5),
    (reduced(4, UNITS[:1]), 6),
    (corrected(5, "SITI AMINAH BINTI CONTOH"), 7),
]


@pytest.mark.parametrize("order", [*permutations(range(len(LIFE)))][::29])
def test_in_whatever_order_it_is_heard_the_last_word_holds(database: Database, order: tuple[int, ...]) -> None:
    hear(database, issued(units=UNITS))
    for step in order:
        hear(database, *LIFE[step])
    held = holding(database)
    assert held.holder_name == "SITI AMINAH BINTI CONTOH"
    assert held.units == UNITS[:1]
    assert held.check_url == link(5)
    assert (held.status, held.suspended_until) == (Status.REDUCED, None)


def test_a_reduction_ends_a_suspension(database: Database) -> None:
    hear(database, issued(units=UNITS))
    hear(database, suspended(), 2)
    hear(database, reduced(2, UNITS[:2]), 3)
    assert (holding(database).status, holding(database).suspended_until) == (Status.REDUCED, None)


def test_reinstated_after_a_reduction_it_is_still_reduced(database: Database) -> None:
    hear(database, issued(units=UNITS))
    hear(database, reduced(2, UNITS[:2]), 2)
    hear(database, suspended(), 3)
    assert holding(database).status is Status.SUSPENDED
    hear(database, reinstated(), 4)
    assert holding(database).status is Status.REDUCED


@pytest.mark.parametrize("fact", [corrected(2, "X"), reduced(2, UNITS[:1])])
def test_a_new_version_of_what_has_not_been_heard_of_waits(database: Database, fact: Fact) -> None:
    with pytest.raises(NotYet):
        hear(database, fact, 2)


@pytest.mark.parametrize("proposed", [State.SUSPENSION_PROPOSED, State.WITHDRAWAL_PROPOSED])
@pytest.mark.parametrize("act", ["suspend", "withdraw", "reduce"])
def test_what_the_officers_do_settles_the_proposal_for_good(database: Database, proposed: State, act: str) -> None:
    hear(database, issued(units=UNITS))
    at = propose(database, proposed) + timedelta(seconds=1)
    assert proposals(database) == 1
    done: dict[str, Fact] = {
        "suspend": suspended(at),
        "withdraw": CertificateWithdrawn(**SHORT, reason="contoh", at=at),
        "reduce": reduced(2, UNITS[:2], at),
    }
    hear(database, done[act], 2)
    assert proposals(database) == 0
    if act != "withdraw":
        hear(database, reinstated(), 3)
        assert proposals(database) == 0


def test_what_was_done_before_the_proposal_settles_nothing(database: Database) -> None:
    """A reduction that is heard of late, after a review has proposed more."""
    hear(database, issued(units=UNITS))
    at = propose(database, State.SUSPENSION_PROPOSED) - timedelta(days=1)
    hear(database, reduced(2, UNITS[:2], at), 2)
    assert proposals(database) == 1
