"""Limits counted in a real store: shared by replicas, and what happens while it is away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from shared.security import allowances as shared_allowances
from shared.security.allowances import Allowance, Allowances, Spent, find_allowances, open_allowances
from shared.settings import settings
from tests.servers.own_redis import OwnRedis
from tests.unit.security.test_allowances import THREE, count

Replica = Callable[[], Allowances]


@pytest.fixture
def replica(own_redis: OwnRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Replica:
    """Call it for the counters of one more process."""
    (tmp_path / "password").write_text(own_redis.password)
    monkeypatch.setenv("KOMPETEN_LIMITS_URL", own_redis.url)
    monkeypatch.setenv("KOMPETEN_LIMITS_PASSWORD_FILE", str(tmp_path / "password"))
    settings.cache_clear()

    def start() -> Allowances:
        open_allowances.cache_clear()
        return find_allowances()

    return start


@pytest.fixture(autouse=True)
def _own_settings() -> object:
    yield
    settings.cache_clear()


def test_replicas_count_together(replica: Replica) -> None:
    """This failure mode means a guesser who has as many tries as there are replicas."""
    one, other = replica(), replica()
    assert count(one, THREE, tries=2) == 2
    assert count(other, THREE) == 1
    with pytest.raises(Spent) as spent:
        one.take(THREE)
    assert 0 < spent.value.retry_after <= 15 * 60 + 1


def test_tries_at_the_same_moment_are_all_counted(replica: Replica) -> None:
    replicas, together = [replica() for _ in range(4)], Barrier(8, timeout=20)

    def guess(number: int) -> int:
        together.wait()
        return count(replicas[number % 4], THREE)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(8))) == 3


def test_refusals_use_nothing_up_and_what_is_given_back_is_there(replica: Replica) -> None:
    one, of_all = replica(), Allowance("tries of all", "5/hour; 9/day")
    assert count(one, THREE, of_all, tries=50) == 3
    assert count(one, of_all) == 2
    one.give_back(of_all)
    assert count(one, of_all) == 1
    one.forget(THREE)
    assert count(one, THREE) == 3


def test_every_counter_ends_by_itself(replica: Replica, own_redis: OwnRedis) -> None:
    one = replica()
    count(one, THREE)
    one.give_back(THREE, Allowance("never taken", "1/minute"))
    client = own_redis.client()
    keys = list(client.scan_iter())
    assert keys
    assert -1 not in {client.ttl(key) for key in keys}, "-1 is for ever"


@pytest.mark.parametrize("fault", ["kill", "pause"])
def test_a_store_that_is_away_or_hangs_stops_nobody(
    replica: Replica, own_redis: OwnRedis, fault: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared_allowances, "AWAY_SECONDS", 3600.0)
    one = replica()
    assert count(one, THREE) == 3
    getattr(own_redis, fault)()
    assert count(one, THREE) == 3, "counted in its own memory, from nothing"
    away = [record for record in caplog.records if "store of limits" in record.message]
    assert len(away) == 1, "of twenty that came, one waited for the store"
    assert own_redis.password not in caplog.text


def test_a_store_that_is_back_is_asked_again(
    replica: Replica, own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_allowances, "AWAY_SECONDS", 0.0)
    one, other = replica(), replica()
    own_redis.pause()
    assert count(one, THREE, tries=1) == 1
    own_redis.resume()
    assert count(one, THREE) == 3
    assert count(other, THREE) == 0


def test_a_wrong_password_of_the_store_is_a_store_that_is_away(
    replica: Replica, tmp_path: Path, own_redis: OwnRedis
) -> None:
    (tmp_path / "password").write_text("another")
    assert count(replica(), THREE) == 3
    assert not list(own_redis.client().scan_iter())
