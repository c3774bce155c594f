"""Real servers for tests.

Shared ones are looked for once a session; what a test takes from them is its own and goes after it. The ones to
break start on first use and are mended before each test that asks for them. A server that can't be had fails the
test; it is skipped only outside CI and only when KOMPETEN_TESTS_WITHOUT_SERVERS=1 asks for that.
"""

import os
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import pytest

from tests.servers import available
from tests.servers.address import RabbitMQAddress, S3Address
from tests.servers.fresh import Bucket, Buckets, Databases, Vhosts
from tests.servers.own_postgres import OwnPostgres
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.servers.own_redis import OwnRedis
from tests.servers.own_s3 import OwnS3
from tests.servers.processes import ServerFailed

T = TypeVar("T")


class FreshDatabase(Protocol):
    """Gives the address of a new database, or of one for each service named, with `{service}` in it."""

    def __call__(self, *services: str) -> str: ...


def obtain(have: Callable[[], T]) -> T:
    """What `have` gives, or a failed test; a skipped one where that was asked for and nobody relies on it."""
    try:
        return have()
    except ServerFailed as error:
        optional = os.environ.get("KOMPETEN_TESTS_WITHOUT_SERVERS") == "1"
        if optional and os.environ.get("CI", "").lower() not in {"true", "1"}:
            pytest.skip(str(error))
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """SQLAlchemy address of the shared PostgreSQL's administration database."""
    return obtain(available.postgres)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[FreshDatabase]:
    """Call it for the address of a new database; all are dropped when the session ends."""
    databases = Databases(postgres_server)
    yield databases.fresh
    databases.drop()


@pytest.fixture
def postgres_database(postgres_server: str) -> Iterator[str]:
    """Address of a database of this test's own."""
    databases = Databases(postgres_server)
    yield databases.fresh()
    databases.drop()


@pytest.fixture(scope="session")
def rabbitmq_server() -> RabbitMQAddress:
    """The shared RabbitMQ."""
    return obtain(available.rabbitmq)


@pytest.fixture(scope="session")
def rabbitmq_vhost(rabbitmq_server: RabbitMQAddress) -> Iterator[Callable[[], str]]:
    """Call it for the AMQP address of a new vhost; all are deleted when the session ends."""
    vhosts = Vhosts(rabbitmq_server)
    yield vhosts.fresh
    vhosts.drop()


@pytest.fixture(scope="session")
def rabbitmq_url(rabbitmq_vhost: Callable[[], str]) -> str:
    """AMQP address of a vhost of this session's own."""
    return rabbitmq_vhost()


@pytest.fixture(scope="session")
def s3_server() -> S3Address:
    """The shared S3 server."""
    return obtain(available.s3)


@pytest.fixture
def s3(s3_server: S3Address) -> Iterator[Bucket]:
    """A fresh bucket; `.server` has endpoint, keys and region, `.object_store_url` the setting."""
    buckets = Buckets(s3_server)
    yield buckets.fresh()
    buckets.drop()


@pytest.fixture(scope="session")
def office_path() -> str:
    """Path of LibreOffice."""
    return obtain(available.office)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the browser."""
    return obtain(available.chromium)


@pytest.fixture(scope="session")
def _breakable_postgres() -> Iterator[OwnPostgres]:
    with obtain(OwnPostgres) as server:
        yield server


@pytest.fixture
def own_postgres(_breakable_postgres: OwnPostgres) -> Iterator[OwnPostgres]:
    """A running PostgreSQL that this test may break; `fresh` makes databases on it."""
    _breakable_postgres.resume()
    _breakable_postgres.start()
    yield _breakable_postgres
    _breakable_postgres.resume()
    _breakable_postgres.start()
    _breakable_postgres.databases.drop()


@pytest.fixture(scope="session")
def _breakable_rabbitmq() -> Iterator[OwnRabbitMQ]:
    with obtain(OwnRabbitMQ) as server:
        yield server


@pytest.fixture
def own_rabbitmq(_breakable_rabbitmq: OwnRabbitMQ) -> OwnRabbitMQ:
    """A running, empty RabbitMQ with its management API that this test may break."""
    _breakable_rabbitmq.resume()
    _breakable_rabbitmq.start()
    _breakable_rabbitmq.clear()
    return _breakable_rabbitmq


@pytest.fixture(scope="session")
def _breakable_s3() -> Iterator[OwnS3]:
    with obtain(OwnS3) as server:
        yield server


@pytest.fixture
def own_s3(_breakable_s3: OwnS3) -> OwnS3:
    """A running S3 server that this test may break."""
    _breakable_s3.resume()
    _breakable_s3.start()
    return _breakable_s3


@pytest.fixture(scope="session")
def _breakable_redis() -> Iterator[OwnRedis]:
    with obtain(OwnRedis) as server:
        yield server


@pytest.fixture
def own_redis(_breakable_redis: OwnRedis) -> Iterator[OwnRedis]:
    """A running, empty Redis that this test may break."""
    _breakable_redis.resume()
    _breakable_redis.start()
    _breakable_redis.client().flushall()
    yield _breakable_redis
    _breakable_redis.resume()
