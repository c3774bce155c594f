"""The store after bucket.py has run."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE, ENABLED
from minio.error import MinioAdminException, S3Error
from minio.retention import Retention
from minio.versioningconfig import SUSPENDED, VersioningConfig

from kompeten.commands.store import CERTIFICATES
from kompeten.services import NAMES, find_service
from shared import clock
from shared.errors import NotFound
from shared.objectstore.port import DELETABLE, REPLACEABLE, StoreUnavailable
from shared.objectstore.s3 import S3Store
from tests.integration.objectstore.conftest import s3_store
from tests.servers import answers
from tests.servers.address import S3Address
from tests.servers.fresh import Bucket, Buckets, name
from tests.servers.own_s3 import OwnS3


def _environment(server: S3Address, bucket: str, secrets: Path) -> dict[str, str]:
    (secrets / "store_access_key").write_text(f"{server.access_key}\n")
    (secrets / "store_secret_key").write_text(f"{server.secret_key}\n")
    return {
        "KOMPETEN_OBJECT_STORE_URL": server.object_store_url(bucket),
        "KOMPETEN_OBJECT_STORE_REGION": server.region,
        "STORE_ADMIN": "none",
        "SECRETS": str(secrets),
    }


@pytest.fixture
def prepared(s3_server: S3Address, secrets_folder: Path, script: Callable[[str], ModuleType]) -> str:
    """A bucket made, twice over, on a server whose accounts somebody else makes."""
    bucket = name()
    environment = _environment(s3_server, bucket, secrets_folder)
    module = script("store/bucket.py")
    assert module.main(environment) == 0
    assert module.main(environment) == 0
    return bucket


def test_the_bucket_keeps_versions(prepared: str, s3_server: S3Address) -> None:
    client = answers.s3_client(s3_server)
    assert client.get_bucket_versioning(bucket_name=prepared).status == ENABLED
    for body in (b"satu", b"dua"):
        client.put_object(bucket_name=prepared, object_name="contoh", data=io.BytesIO(body), length=len(body))
    assert len(list(client.list_objects(bucket_name=prepared, include_version=True))) == 2
    buckets = Buckets(s3_server)
    buckets.adopt(prepared)
    buckets.drop()


def test_the_bucket_can_lock_and_forgets_probes(prepared: str, s3_server: S3Address) -> None:
    client = answers.s3_client(s3_server)
    client.get_object_lock_config(bucket_name=prepared)
    lifecycle: Any = client.get_bucket_lifecycle(bucket_name=prepared)
    by_prefix = {rule.rule_filter.prefix: rule for rule in lifecycle.rules}
    assert by_prefix.keys() == {"probe/", *REPLACEABLE}
    assert by_prefix["probe/"].expiration.days == 1
    for prefix in REPLACEABLE:
        assert by_prefix[prefix].expiration is None
        assert by_prefix[prefix].noncurrent_version_expiration.noncurrent_days == 30


def test_a_bucket_that_cannot_get_the_lock_stops_the_deployment_unless_told_otherwise(
    s3_server: S3Address, secrets_folder: Path, script: Callable[[str], ModuleType], caplog: pytest.LogCaptureFixture
) -> None:
    buckets = Buckets(s3_server)
    old = buckets.fresh(object_lock=False)
    environment = _environment(s3_server, old.name, secrets_folder)
    module = script("store/bucket.py")
    assert module.main(environment) == 1
    assert "without object lock" in caplog.text
    assert module.main(environment | {"KOMPETEN_OBJECT_STORE_LOCK": "false"}) == 0
    buckets.drop()


class Accounts:
    """The accounts of the deployment on a server whose policies stand at the bucket: made anew for each test."""

    def __init__(self, server: OwnS3, module: ModuleType) -> None:
        self._server, self.bucket = server, name()
        owner = answers.s3_client(server.address)
        module.make_bucket(owner, self.bucket)
        self.rights = {**module.SERVICES, "restore": module.EVERYTHING}
        statements = []
        for account, rights in self.rights.items():
            server.administer(
                "user", "create", f"--uid={account}", f"--display-name={account}",
                f"--access-key=kompeten{account}", f"--secret=rahasia-{account}-contoh",
            )  # fmt: skip
            rules = module.write_policy(self.bucket, rights)["Statement"]
            statements += [{**rule, "Principal": {"AWS": [f"arn:aws:iam:::user/{account}"]}} for rule in rules]
        document = {"Version": "2012-10-17", "Statement": statements}
        owner.set_bucket_policy(bucket_name=self.bucket, policy=json.dumps(document))

    def address(self, account: str) -> S3Address:
        keys = {"access_key": f"kompeten{account}", "secret_key": f"rahasia-{account}-contoh"}
        return replace(self._server.address, **keys)

    def store(self, account: str) -> S3Store:
        return s3_store(Bucket(self.address(account), self.bucket))

    def client(self, account: str) -> Minio:
        return answers.s3_client(self.address(account))

    def remove(self) -> None:
        for account in self.rights:
            self._server.administer("user", "rm", f"--uid={account}")


@pytest.fixture
def accounts(own_s3: OwnS3, script: Callable[[str], ModuleType]) -> Iterator[Accounts]:
    made = Accounts(own_s3, script("store/bucket.py"))
    yield made
    made.remove()


def test_certificates_account_writes_locks_reads_and_lists_and_changes_nothing_else(accounts: Accounts) -> None:
    store, client = accounts.store("certificate"), accounts.client("certificate")
    until = clock.real_now() + timedelta(days=1)
    store.probe()
    store.put("certificates/2026/a.pdf", b"asli", "application/pdf", keep_until=until)
    assert store.get("certificates/2026/a.pdf") == b"asli"
    assert [entry.key for entry in store.page("certificates/")] == ["certificates/2026/a.pdf"]
    version = client.stat_object(bucket_name=store.bucket, object_name="certificates/2026/a.pdf").version_id
    shorter = Retention(COMPLIANCE, clock.real_now() + timedelta(minutes=1))
    of_it: Any = {"bucket_name": store.bucket, "object_name": "certificates/2026/a.pdf"}
    attempts: list[Callable[[], object]] = [
        lambda: client.remove_object(**of_it),
        lambda: client.remove_object(**of_it, version_id=version),
        lambda: client.set_object_retention(**of_it, version_id=version, config=shorter),
        lambda: client.set_bucket_versioning(bucket_name=store.bucket, config=VersioningConfig(SUSPENDED)),
        lambda: client.delete_bucket_lifecycle(bucket_name=store.bucket),
        lambda: client.delete_bucket_policy(bucket_name=store.bucket),
        lambda: client.remove_bucket(bucket_name=store.bucket),
    ]
    for refused in attempts:
        with pytest.raises(S3Error, match="AccessDenied"):
            refused()
    assert store.get("certificates/2026/a.pdf") == b"asli"


FOLDERS = ("documents/", "photos/", "minutes/", "certificates/", "surveillance/")


def test_no_account_reads_or_writes_where_another_keeps_its_files(accounts: Accounts) -> None:
    """This failure mode means that who breaks into certificate takes what applicants have handed in."""
    for folder in FOLDERS:
        accounts.store("restore").put(f"{folder}aa/1", b"isi", "application/octet-stream")
    for account, rights in accounts.rights.items():
        store = accounts.store(account)
        for folder in FOLDERS:
            may_write = folder in rights.writes or rights.writes == ("",)
            if may_write or folder in rights.reads:
                assert store.get(f"{folder}aa/1") == b"isi"
            else:
                with pytest.raises(StoreUnavailable, match="AccessDenied"):
                    store.get(f"{folder}aa/1")
            if may_write:
                store.put(f"{folder}aa/{account}", b"isi", "application/octet-stream")
            else:
                with pytest.raises(StoreUnavailable, match=r"403|AccessDenied"):
                    store.put(f"{folder}aa/{account}", b"palsu", "application/octet-stream", fresh=True)


def test_each_service_knows_a_file_that_is_not_there_from_one_it_may_not_read(accounts: Accounts) -> None:
    for account in accounts.rights:
        store = accounts.store(account)
        store.probe()
        assert not store.exists("probe/nothing")
        with pytest.raises(NotFound):
            store.get(f"{(accounts.rights[account].writes[0] or 'photos/')}aa/nothing")


def test_uploads_alone_are_deleted_and_what_is_encrypted_is_written_over(accounts: Accounts) -> None:
    for account, key, may_go in (
        ("registration", "documents/aa/1", True),
        ("surveillance", "surveillance/aa/1", True),
        ("registration", "photos/aa/1", False),
        ("decision", "minutes/aa.pdf", False),
    ):
        store, client = accounts.store(account), accounts.client(account)
        store.put(key, b"isi", "application/octet-stream")
        store.replace(key, b"isi, lain kunci", "application/octet-stream")
        assert store.start(key, 3) == b"isi"
        if may_go:
            store.delete(key)
            assert not store.exists(key)
            continue
        with pytest.raises(S3Error, match="AccessDenied"):
            client.remove_object(bucket_name=store.bucket, object_name=key)


def test_the_folders_of_the_accounts_are_those_of_the_services(script: Callable[[str], ModuleType]) -> None:
    module = script("store/bucket.py")
    assert {each for each in NAMES if find_service(each).keeps_files} == set(module.SERVICES)
    for service, rights in module.SERVICES.items():
        kept = {register.prefix for register in find_service(service).files} | ({CERTIFICATES} & set(rights.writes))
        assert set(rights.writes) == kept
        assert set(rights.deletes) <= set(DELETABLE)
    assert {prefix for rights in module.SERVICES.values() for prefix in rights.deletes} == set(DELETABLE)
    assert {rule.rule_filter.prefix for rule in module.VERSIONS} == set(REPLACEABLE)


class AnsweringAdmin:
    """The administration API of a store, which answers about an account with an error, or that it is there."""

    def __init__(self, error: MinioAdminException | None) -> None:
        self.error, self.deleted = error, list[str]()

    def get_service_account(self, *, access_key: str) -> str:
        if self.error:
            raise self.error
        return access_key

    def delete_service_account(self, *, access_key: str) -> None:
        self.deleted.append(access_key)


def test_an_account_that_was_rotated_away_is_removed_or_gone_already(script: Callable[[str], ModuleType]) -> None:
    remove = script("store/bucket.py").remove_account
    there, gone = AnsweringAdmin(None), AnsweringAdmin(MinioAdminException("404", '{"Code":"contoh"}'))
    for admin in (there, gone):
        remove(admin, "lama", {"baru"})
    assert (there.deleted, gone.deleted) == (["lama"], [])
    with pytest.raises(SystemExit, match="in use"):
        remove(there, "baru", {"baru"})


@pytest.mark.parametrize("status", ["403", "500", "503"])
def test_an_account_of_which_the_store_says_nothing_does_not_count_as_gone(
    script: Callable[[str], ModuleType], status: str
) -> None:
    """This failure mode means that a rotation is done, and the stolen keys of before go on opening the store."""
    admin = AnsweringAdmin(MinioAdminException(status, '{"Code":"contoh"}'))
    with pytest.raises(MinioAdminException):
        script("store/bucket.py").remove_account(admin, "lama", {"baru"})


def test_no_account_can_do_more_than_read_write_lock_and_list(script: Callable[[str], ModuleType]) -> None:
    module = script("store/bucket.py")
    for rights in (*module.SERVICES.values(), module.EVERYTHING):
        rules = module.write_policy("kompeten", rights)["Statement"]
        allowed = {action for statement in rules for action in statement["Action"]}
        deleting = {"s3:DeleteObject", "s3:DeleteObjectVersion"} if rights.deletes else set()
        locking = {"s3:PutObjectRetention"} if rights.locks else set()
        listing = {"s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"}
        assert allowed == {*listing, "s3:GetObject", "s3:PutObject", *locking, *deleting}
