from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import periods
from services.registration.commands.periods import AnnouncePeriod
from shared import clock
from shared.errors import Invalid, NotFound
from tests.unit.registration.files import SCHEME, actor, filed, period, secretariat
from tests.unit.registration.people import noted, told

DESK = secretariat()


def wanted(**changes: Any) -> AnnouncePeriod:
    day = clock.today()
    values: dict[str, Any] = {
        "title": "Periode contoh",
        "place": "Jakarta",
        "opens_on": day,
        "closes_on": day + timedelta(days=14),
        "quotas": {SCHEME: 20},
        "schedule": "Asesmen: pekan keempat.",
    }
    return AnnouncePeriod(**(values | changes))


def test_an_announced_period_is_told(session: Session) -> None:
    announced = periods.announce_period(session, DESK, wanted())
    (fact,) = told(session, "period_announced")
    assert fact["quotas"] == {SCHEME: 20}
    assert fact["period_id"] == str(announced.id)
    assert [action for action, _, _ in noted(session)] == ["period:announce"]
    assert announced.is_open(clock.today())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"quotas": {}}, "quotas"),
        ({"quotas": {"tidak-ada": 3}}, "quotas.tidak-ada"),
        ({"quotas": {SCHEME: 0}}, f"quotas.{SCHEME}"),
        ({"closes_on": clock.today() - timedelta(days=1)}, "closes_on"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(session: Session, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        periods.announce_period(session, DESK, wanted(**changes))
    assert set(refused.value.fields) == {field}


def test_a_period_that_is_over_is_not_announced(session: Session) -> None:
    day = clock.today()
    with pytest.raises(Invalid) as refused:
        periods.announce_period(
            session, DESK, wanted(opens_on=day - timedelta(days=9), closes_on=day - timedelta(days=1))
        )
    assert refused.value.code == "period-over"


def test_a_period_is_extended_and_told_again(session: Session) -> None:
    announced = period(session)
    changed = periods.change_period(session, DESK, announced.id, wanted(quotas={SCHEME: 30, "promosi-perpustakaan": 5}))
    assert {row.scheme_id: row.quota for row in changed.quotas} == {SCHEME: 30, "promosi-perpustakaan": 5}
    assert len(told(session, "period_announced")) == 2


def test_a_quota_never_falls_below_the_places_taken(session: Session) -> None:
    application = filed(session, actor())
    assert application.period_id is not None
    session.expire_all()
    with pytest.raises(Invalid) as refused:
        periods.change_period(session, DESK, application.period_id, wanted(quotas={"promosi-perpustakaan": 5}))
    assert set(refused.value.fields) == {f"quotas.{SCHEME}"}


def test_a_period_that_is_not_there_is_not_changed(session: Session) -> None:
    with pytest.raises(NotFound):
        periods.change_period(session, DESK, uuid4(), wanted())
