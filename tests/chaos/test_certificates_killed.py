"""The certificate service killed at every step of issuing, and its store taken away."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from services.certificate.domain.states import State
from tests.chaos.issuing import Issuing, issuing_at
from tests.chaos.ledger import killed, until
from tests.chaos.points import POINTS
from tests.servers.fixtures import FreshDatabase
from tests.servers.fresh import Bucket, Buckets
from tests.servers.own_s3 import OwnS3

ORDERS = 30


@pytest.fixture
def issuing(
    postgres_url: FreshDatabase, rabbitmq_vhost: Callable[[], str], s3: Bucket, tmp_path: Path
) -> Iterator[Issuing]:
    with issuing_at(postgres_url(), rabbitmq_vhost(), s3, tmp_path) as issuing:
        yield issuing


@pytest.mark.timeout(240)
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_and_started_again_all_are_issued_exactly_once(issuing: Issuing, point: str) -> None:
    """This failure mode means a power cut between number, file, register and event."""
    issuing.clear(ORDERS)
    assert killed(issuing.start("--die", point, "--after", "5" if point not in ("publishing", "published") else "1"))
    issuing.start()
    issuing.issued(ORDERS)
    issuing.check(ORDERS)


@pytest.mark.timeout(300)
def test_killed_again_and_again_with_two_replicas_at_work(issuing: Issuing) -> None:
    """This failure mode means replicas that crash while they share the work."""
    issuing.clear(3 * ORDERS)
    steady = issuing.start()
    moments = Random(7)
    for _ in range(5):
        other = issuing.start()
        time.sleep(2 + moments.random() * 2)
        other.kill()
    assert steady.poll() is None, issuing.output()
    issuing.issued(3 * ORDERS)
    issuing.check(3 * ORDERS)


@pytest.fixture
def shaky(
    postgres_url: FreshDatabase, rabbitmq_vhost: Callable[[], str], own_s3: OwnS3, tmp_path: Path
) -> Iterator[Issuing]:
    buckets = Buckets(own_s3.address)
    with issuing_at(postgres_url(), rabbitmq_vhost(), buckets.fresh(), tmp_path) as issuing:
        yield issuing
    own_s3.resume()
    buckets.drop()


@pytest.mark.timeout(300)
def test_while_the_store_is_away_no_number_is_used_and_all_are_issued_when_it_returns(
    shaky: Issuing, own_s3: OwnS3
) -> None:
    """This failure mode means a store that is down for maintenance when a meeting's decisions arrive."""
    own_s3.pause()
    shaky.clear(ORDERS)
    process = shaky.start()
    until(lambda: "ready" in shaky.output().splitlines())
    time.sleep(8)
    assert process.poll() is None, shaky.output()
    assert (shaky.numbered(), shaky.waiting()) == (0, ORDERS)
    own_s3.resume()
    shaky.issued(ORDERS)
    shaky.check(ORDERS)


@pytest.mark.timeout(300)
def test_the_store_going_away_in_the_middle_loses_nothing(shaky: Issuing, own_s3: OwnS3) -> None:
    """This failure mode means a store that goes while files are on their way to it."""
    shaky.clear(3 * ORDERS)
    shaky.start()
    until(lambda: any(certificate.state is State.VALID for certificate in shaky.certificates()))
    own_s3.pause()
    time.sleep(5)
    announced = {c.number for c in shaky.certificates() if c.state is State.VALID}
    own_s3.resume()
    shaky.issued(3 * ORDERS, 150)
    shaky.check(3 * ORDERS)
    assert announced <= {certificate.number for certificate in shaky.certificates()}
