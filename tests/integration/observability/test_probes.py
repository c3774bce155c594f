"""A broker and a store that stop, hang and come back, as the probes of a service see them."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from shared.objectstore.s3 import S3Store
from shared.observability import parts, vitals
from shared.observability.parts import make_probes
from shared.observability.vitals import Probe
from shared.security.allowances import open_allowances
from shared.settings import settings
from tests.servers.fresh import Buckets
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.servers.own_redis import OwnRedis
from tests.servers.own_s3 import OwnS3


@pytest.fixture
def probe(own_rabbitmq: OwnRabbitMQ, monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    monkeypatch.setenv("KOMPETEN_BROKER_URL", own_rabbitmq.url)
    settings.cache_clear()
    made = make_probes(keeps_files=False, sends_mail=False)[0]
    yield made
    made.close()
    settings.cache_clear()


def test_a_stopped_broker_is_told_with_its_words_and_forgotten_once_it_is_back(
    probe: Probe, own_rabbitmq: OwnRabbitMQ
) -> None:
    probe.run()
    probe.run()
    assert probe.read().well
    own_rabbitmq.stop()
    probe.run()
    probe.run()
    away = probe.read()
    assert not away.well
    assert "refused" in away.error
    own_rabbitmq.start()
    probe.run()
    assert probe.read().well


def test_a_frozen_broker_is_told(probe: Probe, own_rabbitmq: OwnRabbitMQ) -> None:
    """This failure mode means a service that calls a broker well which answers nothing."""
    probe.run()
    own_rabbitmq.pause()
    try:
        probe.run()
        assert not probe.read().well
    finally:
        own_rabbitmq.resume()
    probe.run()
    assert probe.read().well


def test_a_wrong_password_is_told_as_what_it_is(own_rabbitmq: OwnRabbitMQ, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_BROKER_URL", own_rabbitmq.url.replace("guest:guest", "guest:salah"))
    settings.cache_clear()
    probe = make_probes(keeps_files=False, sends_mail=False)[0]
    probe.run()
    settings.cache_clear()
    assert "ACCESS_REFUSED" in probe.read().error


def test_a_frozen_store_is_told_while_it_hangs(own_s3: OwnS3, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means "healthy" while every upload hangs."""
    buckets, server = Buckets(own_s3.address), own_s3.address
    store = S3Store(
        server.endpoint.removeprefix("http://"),
        buckets.fresh().name,
        access_key=server.access_key,
        secret_key=server.secret_key,
        region=server.region,
        secure=False,
    )
    monkeypatch.setattr(parts, "object_store", lambda: store)
    probe = make_probes(keeps_files=True, sends_mail=False)[0]
    probe.run()
    assert probe.read().well
    monkeypatch.setattr(vitals, "PATIENCE_SECONDS", 0.0)
    own_s3.pause()
    thread = Thread(target=probe.run)
    thread.start()
    try:
        while probe._begun is None:
            time.sleep(0.01)
        assert probe.read().error == "does not answer"
    finally:
        own_s3.resume()
        thread.join()
    assert probe.read().well
    buckets.drop()


def test_a_store_of_limits_that_is_away_is_told(
    own_redis: OwnRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text(own_redis.password)
    monkeypatch.setenv("KOMPETEN_LIMITS_URL", own_redis.url)
    monkeypatch.setenv("KOMPETEN_LIMITS_PASSWORD_FILE", str(tmp_path / "password"))
    settings.cache_clear()
    open_allowances.cache_clear()
    (probe,) = (one for one in make_probes(keeps_files=False, sends_mail=False) if one.name == "limits")
    probe.run()
    assert probe.read().well
    own_redis.stop()
    probe.run()
    probe.run()
    assert not probe.read().well
    own_redis.start()
    probe.run()
    assert probe.read().well
    settings.cache_clear()
    open_allowances.cache_clear()
