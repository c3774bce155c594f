"""Renewing claims beside an act that is just being written, on PostgreSQL."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.clock import real_now
from shared.database.answers import KeptAnswer
from shared.database.claims import hold_claim, let_claim_go, renew_claims
from tests.integration.database.conftest import DRIVERS, Open


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_act_that_is_being_written_keeps_no_other_claim_from_being_renewed(
    postgres_url: Callable[[], str], opened: Open, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means that one slow act lets all requests of its process be begun again."""
    database, real = opened(postgres_url(), driver), time.monotonic
    acting, other = uuid4(), uuid4()
    before = real_now() - timedelta(seconds=7)
    with database.unit_of_work() as session:
        for one in (acting, other):
            session.add(KeptAnswer(id=one.hex, fingerprint="contoh", claim_id=one, begun_at=before))
    for one in (acting, other):
        hold_claim("tiny", one)
    monkeypatch.setattr("shared.database.claims.time.monotonic", lambda: real() + 3)
    with database.unit_of_work() as session:
        session.get_one(KeptAnswer, acting.hex).acted_at = real_now()
        session.flush()
        renew_claims(database)
    with database.reading() as session:
        assert session.get_one(KeptAnswer, acting.hex).begun_at == before
        assert session.get_one(KeptAnswer, other.hex).begun_at > before + timedelta(seconds=5)
    for one in (acting, other):
        let_claim_go("tiny", one)
