"""The shared servers as the fixtures hand them out."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from tests.servers import answers, available
from tests.servers.address import VARIABLES, S3Address
from tests.servers.fixtures import FreshDatabase, obtain
from tests.servers.fresh import Bucket, Databases
from tests.servers.processes import ServerFailed


def tables(url: str) -> int:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    try:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_tables where schemaname = 'public'")
            row = cursor.fetchone()
            assert row is not None
            return int(row[0])
    finally:
        connection.close()


def test_each_call_gives_an_empty_database_of_its_own(postgres_url: FreshDatabase) -> None:
    first, second = postgres_url(), postgres_url()
    assert first != second
    assert tables(first) == tables(second) == 0


def test_services_get_a_database_each_behind_one_address(postgres_url: FreshDatabase) -> None:
    address = postgres_url("registration", "decision")
    assert tables(address.format(service="registration")) == 0
    assert tables(address.format(service="decision")) == 0


def test_databases_are_dropped_even_while_somebody_is_connected(postgres_server: str) -> None:
    databases = Databases(postgres_server)
    address = databases.fresh()
    connection = psycopg2.connect(address.replace("+psycopg2", ""))
    databases.drop()
    connection.close()
    assert not answers.postgres(address)


def test_a_vhost_lets_its_user_in(rabbitmq_url: str, rabbitmq_vhost: Callable[[], str]) -> None:
    other = rabbitmq_vhost()
    assert answers.rabbitmq(rabbitmq_url)
    assert answers.rabbitmq(other)


def test_a_bucket_takes_objects(s3: Bucket) -> None:
    client = answers.s3_client(s3.server)
    client.put_object(bucket_name=s3.name, object_name="contoh.txt", data=io.BytesIO(b"contoh"), length=6)
    assert [found.object_name for found in client.list_objects(bucket_name=s3.name)] == ["contoh.txt"]
    assert s3.object_store_url == f"s3+{s3.server.endpoint}/{s3.name}"


def test_the_s3_server_checks_signatures(s3_server: S3Address) -> None:
    forged = S3Address(s3_server.endpoint, s3_server.access_key, "kunci-palsu", s3_server.region)
    assert answers.s3(s3_server)
    assert not answers.s3(forged)


def test_the_browser_can_be_executed(chromium_path: str) -> None:
    assert os.access(Path(chromium_path), os.X_OK)


def test_a_named_server_that_does_not_answer_is_an_error_and_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLES["postgres"], "postgresql+psycopg2://siapa:rahasia@127.0.0.1:9/tiada")
    with pytest.raises(ServerFailed, match="does not let us in") as refusal:
        available.postgres()
    assert "rahasia" not in str(refusal.value)


def absent() -> str:
    raise ServerFailed("no such server here")


@pytest.mark.parametrize(("ci", "without"), [("true", "1"), ("true", ""), ("", "")])
def test_an_absent_server_fails_the_test(monkeypatch: pytest.MonkeyPatch, ci: str, without: str) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("KOMPETEN_TESTS_WITHOUT_SERVERS", without)
    with pytest.raises(pytest.fail.Exception, match="no such server here"):
        obtain(absent)


def test_an_absent_server_skips_only_when_asked_to_outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "")
    monkeypatch.setenv("KOMPETEN_TESTS_WITHOUT_SERVERS", "1")
    with pytest.raises(pytest.skip.Exception, match="no such server here"):
        obtain(absent)
