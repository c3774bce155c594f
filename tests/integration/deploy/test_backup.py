"""Backups made and restored as the compose file does it, by the roles and from the machines it does it with."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kompeten.services import NAMES
from shared.clock import real_now
from tests.age_keys import make_age_keys
from tests.integration.deploy.conftest import PROJECT
from tests.integration.objectstore.conftest import s3_store
from tests.servers.address import S3Address
from tests.servers.fresh import Bucket, Buckets
from tests.servers.own_postgres import OwnPostgres
from tests.servers.packages import need

KOMPETEN = str(Path(sys.executable).with_name("kompeten"))
JOB = (
    "INSERT INTO jobs (kind, key, payload, correlation_id, state, created_at, next_try_at, tries)"
    " SELECT 'contoh', gen_random_uuid()::text, '{}', '', 'done', now(), now(), 0 FROM generate_series(1, %d)"
)
EVENT = (
    "INSERT INTO outbox (id, type, subject, sequence, envelope, created_at, published_at)"
    " VALUES (gen_random_uuid(), 'contoh', 'contoh/1', 1, '{}', now(), now())"
)
CERTIFICATE, EXPIRED, UPLOAD = "certificates/2026/a.pdf", "certificates/2021/b.pdf", "documents/aa/1"


class Machine:
    """A database server, a store and a folder of backups, with the deployment's steps."""

    def __init__(self, server: OwnPostgres, secrets: Path, bucket: Bucket, backups: Path, keys: Path) -> None:
        self.server, self.bucket, self.backups = server, bucket, backups
        (secrets / "store_access_key").write_text(bucket.server.access_key)
        (secrets / "store_secret_key").write_text(bucket.server.secret_key)
        programs = {str(need(name).parent) for name in ("pg_dump", "age")}
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
            "SECRETS": str(secrets),
            "SERVICES": " ".join(NAMES),
            "KOMPETEN_RUNNER": "threads",
            "KOMPETEN_OBJECT_STORE_URL": bucket.object_store_url,
            "KOMPETEN_OBJECT_STORE_REGION": bucket.server.region,
            "KOMPETEN_OBJECT_STORE_ACCESS_KEY_FILE": str(secrets / "store_access_key"),
            "KOMPETEN_OBJECT_STORE_SECRET_KEY_FILE": str(secrets / "store_secret_key"),
            "KOMPETEN_BACKUP_DIR": str(backups),
            "KOMPETEN_BACKUP_RECIPIENTS_FILE": str(keys / "recipients"),
            "KOMPETEN_BACKUP_IDENTITY_FILE": str(keys / "identity"),
        }

    def run(self, *command: str, role: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        """A program with the settings of its container; `role` is the one it asks the databases as."""
        address = f"postgresql+psycopg2://{role}@127.0.0.1:{self.server.port}/kompeten_{{service}}"
        environment = {**self.environment, "KOMPETEN_DATABASE_URL": address, **changes}
        return subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)

    def prepare(self) -> None:
        """The steps `roles` and `migrate`."""
        self.make_roles()
        done = self.run(KOMPETEN, "migrate", "all", role="kompeten_{service}_owner")
        assert done.returncode == 0, done.stderr

    def make_roles(self) -> None:
        done = self.run(str(PROJECT / "deploy" / "postgres" / "roles.sh"))
        assert done.returncode == 0, done.stderr

    def back_up(self, **changes: str) -> subprocess.CompletedProcess[str]:
        return self.run(KOMPETEN, "backup", "now", role="kompeten_backup", **changes)

    def restore(self, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return self.run(KOMPETEN, "backup", "restore", str(folder), role="kompeten_{service}_owner", **changes)

    def sql(self, query: str, service: str = "registration", role: str = "postgres") -> str:
        command = [str(need("psql")), "-U", role, "-d", f"kompeten_{service}", "-Atc", query]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip() + done.stderr.strip()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_age_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def buckets(s3_server: S3Address) -> Iterator[Buckets]:
    made = Buckets(s3_server)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def lost(
    secrets_folder: Path, buckets: Buckets, keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """The machine that is backed up, with something in it."""
    with OwnPostgres() as server:
        machine = Machine(server, secrets_folder, buckets.fresh(), tmp_path_factory.mktemp("backups"), keys)
        machine.prepare()
        for service in NAMES:
            machine.sql(JOB % 7, service)
        machine.sql('CREATE TABLE "Aneh\'nama" (a int)')
        store = s3_store(machine.bucket)
        store.put(CERTIFICATE, b"asli", "application/pdf", keep_until=real_now() + timedelta(minutes=10))
        store.put(EXPIRED, b"lama", "application/pdf", keep_until=real_now() + timedelta(seconds=2))
        store.put(UPLOAD, b"unggahan", "application/octet-stream")
        store.probe()
        yield machine


@pytest.fixture(scope="module")
def backup(lost: Machine) -> Path:
    """One good backup, made while somebody goes on writing."""
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            lost.sql(JOB % 200)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = lost.back_up()
    finally:
        ended.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def empty(
    secrets_folder: Path, buckets: Buckets, keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """A machine without anything but its roles and empty databases."""
    with OwnPostgres() as server:
        machine = Machine(server, secrets_folder, buckets.fresh(), tmp_path_factory.mktemp("elsewhere"), keys)
        machine.make_roles()
        yield machine


def test_a_backup_says_what_is_in_it_and_nobody_reads_it_without_the_key(lost: Machine, backup: Path) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    assert [one["service"] for one in manifest["databases"]] == list(NAMES)
    assert manifest["databases"][1]["rows"]["jobs"] == 7
    assert (manifest["documents"]["count"], manifest["documents"]["size"]) == (3, 16)
    sealed = {path.name: path.read_bytes() for path in backup.iterdir() if path.name != "manifest.json"}
    assert all(content.startswith(b"age-encryption.org/v1") for content in sealed.values())
    assert sorted(sealed) == sorted([*(f"{name}.dump.age" for name in NAMES), "documents.tar.age"])
    assert json.loads((lost.backups / "last-good.json").read_text())["backup"] == backup.name


def test_the_role_that_backs_up_changes_nothing(lost: Machine) -> None:
    """This failure mode means that who breaks into the container of backups alters the register."""
    assert "read-only" in lost.sql("DELETE FROM jobs", role="kompeten_backup")
    write = "BEGIN READ WRITE; DELETE FROM jobs"
    assert "permission denied" in lost.sql(write, role="kompeten_backup")


def test_what_was_altered_is_refused_before_anything_is_touched(backup: Path, empty: Machine, tmp_path: Path) -> None:
    copy = copied(backup, tmp_path)
    (copy / "decision.dump.age").write_bytes((copy / "decision.dump.age").read_bytes()[:-1] + b"\0")
    refused(empty.restore(copy), "decision.dump.age")
    (copy / "decision.dump.age").unlink()
    refused(empty.restore(copy), "is not there")
    (copy / "manifest.json").unlink()
    refused(empty.restore(copy), "no whole backup")
    untouched(empty)


def test_a_key_that_does_not_fit_is_told_before_anything_is_touched(backup: Path, empty: Machine, keys: Path) -> None:
    refused(empty.restore(backup, KOMPETEN_BACKUP_IDENTITY_FILE=str(keys / "another")), "no identity matched")
    untouched(empty)


def test_a_backup_of_a_newer_version_is_refused(backup: Path, empty: Machine, tmp_path: Path) -> None:
    copy = copied(backup, tmp_path)
    text = (copy / "manifest.json").read_text()
    manifest = json.loads(text)
    manifest["databases"][0]["revisions"]["alembic_version"] = "9999"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    refused(empty.restore(copy), "does not know its migration '9999'")
    untouched(empty)


def test_a_live_system_is_never_restored_over(lost: Machine, backup: Path) -> None:
    """This failure mode means that a restore meant as a rehearsal destroys the register."""
    before = lost.sql("SELECT count(*) FROM jobs")
    refused(lost.restore(backup), "is not empty")
    assert lost.sql("SELECT count(*) FROM jobs") == before


def test_a_database_that_somebody_is_at_is_not_restored_into(backup: Path, empty: Machine) -> None:
    with subprocess.Popen(
        [str(need("psql")), "-U", "postgres", "-d", "kompeten_decision"],
        env=empty.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as session:
        assert session.stdin is not None
        assert session.stdout is not None
        session.stdin.write("SELECT 'di sini';\n")
        session.stdin.flush()
        while "di sini" not in session.stdout.readline():
            pass
        refused(empty.restore(backup), "in use by 1 others")
        session.stdin.close()
    untouched(empty)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PATH": "/nonexistent"}, "age"),
        ({"KOMPETEN_BACKUP_RECIPIENTS_FILE": "/dev/null"}, "nobody could open the backup"),
        ({"KOMPETEN_OBJECT_STORE_URL": "s3+http://127.0.0.1:1/kompeten"}, "StoreAway"),
        ({"PGOPTIONS": "-c tidak_ada=1"}, "pg_dump"),
    ],
)
def test_a_failure_is_seen_and_the_last_good_backup_stays(
    lost: Machine, backup: Path, changes: dict[str, str], words: str
) -> None:
    before = sorted(path.name for path in lost.backups.iterdir())
    noted = (lost.backups / "last-good.json").stat().st_mtime
    refused(lost.back_up(**changes), words)
    assert sorted(path.name for path in lost.backups.iterdir()) == before
    assert (lost.backups / "last-good.json").stat().st_mtime == noted
    assert lost.run(KOMPETEN, "backup", "check", str(backup)).returncode == 0


def test_after_the_loss_of_everything_all_of_it_is_back(lost: Machine, backup: Path, empty: Machine) -> None:
    lost.sql(EVENT)
    done = lost.back_up()
    newest = Path(done.stdout.strip())
    assert newest > backup
    jobs = lost.sql("SELECT count(*) FROM jobs")

    done = empty.restore(newest)
    assert done.returncode == 0, done.stderr
    migrated = empty.run(KOMPETEN, "migrate", "all", role="kompeten_{service}_owner")
    assert migrated.returncode == 0, migrated.stderr

    assert empty.sql("SELECT count(*) FROM jobs", role="kompeten_registration") == jobs
    assert "permission denied" in empty.sql("DELETE FROM audit_log", role="kompeten_registration")
    assert empty.sql("SELECT count(*), count(published_at) FROM outbox") == "1|0", "it is offered again"
    store = s3_store(empty.bucket)
    stored = {CERTIFICATE: b"asli", EXPIRED: b"lama", UPLOAD: b"unggahan"}
    assert {key: store.get(key) for key in store.keys("")} == stored
    assert store.fetch(EXPIRED).keep_until is None, "its time is over"
    assert store.fetch(CERTIFICATE).content_type == "application/pdf"
    assert store.fetch(CERTIFICATE).keep_until == s3_store(lost.bucket).fetch(CERTIFICATE).keep_until
    refused(empty.restore(newest), "is not empty")


def copied(backup: Path, to: Path) -> Path:
    copy = to / backup.name
    copy.mkdir()
    for path in backup.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def untouched(machine: Machine) -> None:
    for service in NAMES:
        assert machine.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", service) == "0"
    assert list(s3_store(machine.bucket).keys("")) == []
