"""Makes the bucket, with versioning and object lock, and the accounts used on it. Safe to repeat.

Each service that keeps files has an account of its own, which reads and writes below the service's own folders alone
(`SERVICES`). Uploads may be deleted and nothing else, no account can change the bucket, and nobody, the owner included,
deletes what is locked before its time. The account of backups reads, the one that restores them writes everywhere.

Accounts are made through the administration API of MinIO and its forks (STORE_ADMIN=minio, the default). Any other S3
server has its own way: make the accounts there, put their keys into the secret files, and set STORE_ADMIN=none.
"""

import logging
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException, MinioException, S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, NoncurrentVersionExpiration, Rule
from minio.minioadmin import MinioAdmin
from minio.objectlockconfig import ObjectLockConfig
from minio.versioningconfig import VersioningConfig

log = logging.getLogger("bucket")

PROBES = Rule(
    status=ENABLED,
    rule_id="probes",
    rule_filter=Filter(prefix="probe/"),
    expiration=Expiration(days=1),
    noncurrent_version_expiration=NoncurrentVersionExpiration(noncurrent_days=1),
)
"""What the services write to know that the store takes it is gone the next day."""

UNLOCKED = (
    "bucket %s was made without object lock and cannot get it: copy its objects into a new one and name that in "
    "KOMPETEN_OBJECT_STORE_URL, or set KOMPETEN_OBJECT_STORE_LOCK=false; see docs/operations/store.md"
)


KEPT_VERSIONS_DAYS = 30
"""How long what was written over or deleted is still there as an older version, where nothing is locked."""


@dataclass(frozen=True)
class Rights:
    """What an account may do below which folders. Whatever it writes it may read."""

    writes: tuple[str, ...]
    reads: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()


SERVICES = {
    "registration": Rights(writes=("documents/", "photos/"), deletes=("documents/",)),
    "decision": Rights(writes=("minutes/",)),
    "certificate": Rights(writes=("certificates/",), reads=("photos/",), locks=("certificates/",)),
    "surveillance": Rights(writes=("surveillance/",), deletes=("surveillance/",)),
}
"""Each service that keeps files. Only uploads may be deleted, for those that no record names; what is locked cannot."""
NO_SUCH_ACCOUNT = ("XMinioAdminServiceAccountNotFound", "Status: 404")
"""What the administration API answers for a service account that is not there, one or both."""
PROBE = "probe/"
EVERYTHING = Rights(writes=("",), locks=("",))
"""What restoring a backup needs; nothing of it may be deleted, either."""
VERSIONS = [
    Rule(
        status=ENABLED,
        rule_id=f"versions-of-{prefix.rstrip('/')}",
        rule_filter=Filter(prefix=prefix),
        noncurrent_version_expiration=NoncurrentVersionExpiration(noncurrent_days=KEPT_VERSIONS_DAYS),
    )
    for prefix in sorted({prefix for rights in SERVICES.values() for prefix in rights.writes if not rights.locks})
]
"""Files that were encrypted anew: the bytes under the earlier key go."""


def write_policy(bucket: str, rights: Rights) -> dict[str, object]:
    """The rules of an account with these rights.

    Names may be listed everywhere: servers answer who may not with "forbidden" for a file that is not there.
    """

    def of(prefixes: tuple[str, ...]) -> list[str]:
        return [f"arn:aws:s3:::{bucket}/{prefix}*" for prefix in prefixes]

    written = (*rights.writes, PROBE)
    allowed = [
        (["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"], [f"arn:aws:s3:::{bucket}"]),
        (["s3:GetObject"], of((*written, *rights.reads))),
        (["s3:PutObject"], of(written)),
        (["s3:PutObjectRetention"], of(rights.locks)),
        (["s3:DeleteObject", "s3:DeleteObjectVersion"], of(rights.deletes)),
    ]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": resources} for actions, resources in allowed if resources
        ],
    }


def write_backup_policy(bucket: str) -> dict[str, object]:
    """What backups do with documents: all are read, with until when they are locked, and nothing is written."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
                "Resource": [f"arn:aws:s3:::{bucket}"],
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:GetObjectRetention"],
                "Resource": [f"arn:aws:s3:::{bucket}/*"],
            },
        ],
    }


def make_pool() -> urllib3.PoolManager:
    """The connections to the store: each wait has an end, and nothing is tried twice unasked."""
    return urllib3.PoolManager(timeout=urllib3.Timeout(5), retries=False)


def wait_for_store(client: Minio, seconds: float) -> None:
    """Wait until the store answers a signed request; raise its last error after `seconds`."""
    limit = time.monotonic() + seconds
    while True:
        try:
            client.list_buckets()
        except (MinioException, urllib3.exceptions.HTTPError):
            if time.monotonic() > limit:
                raise
            time.sleep(1)
        else:
            return


def make_bucket(client: Minio, bucket: str) -> bool:
    """The bucket keeps every version of what is written and can lock it; whether it really can is the answer.

    One that was made without the lock, by an earlier release or by hand, gets it where the server allows that.
    """
    try:
        client.make_bucket(bucket_name=bucket, object_lock=True)
    except S3Error as error:
        if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
            raise
    client.set_bucket_versioning(bucket_name=bucket, config=VersioningConfig(ENABLED))
    client.set_bucket_lifecycle(bucket_name=bucket, config=LifecycleConfig([PROBES, *VERSIONS]))
    return can_lock(client, bucket) or (_enable_lock(client, bucket) and can_lock(client, bucket))


def can_lock(client: Minio, bucket: str) -> bool:
    """Whether objects in the bucket can be locked."""
    try:
        client.get_object_lock_config(bucket_name=bucket)
    except S3Error as error:
        if error.code != "ObjectLockConfigurationNotFoundError":
            raise
        return False
    return True


def _enable_lock(client: Minio, bucket: str) -> bool:
    try:
        client.set_object_lock_config(bucket_name=bucket, config=ObjectLockConfig(None, None, None))
    except S3Error:
        return False
    return True


def make_account(admin: MinioAdmin, access_key: str, secret_key: str, rules: dict[str, object]) -> None:
    """A service account that can do no more than `rules`; one that is there gets the secret and rules of today."""
    try:
        admin.get_service_account(access_key=access_key)
    except MinioAdminException:
        admin.add_service_account(access_key=access_key, secret_key=secret_key, name="kompeten", policy=rules)
    else:
        admin.update_service_account(access_key=access_key, secret_key=secret_key, policy=rules)


def remove_account(admin: MinioAdmin, access_key: str, used: set[str]) -> None:
    """Remove the account that another has taken the place of (`deploy/rotate`); one that is gone already is fine.

    Raises MinioAdminException when the store cannot say whether it is gone: whoever stole its keys would go on.
    """
    if access_key in used:
        raise SystemExit(f"{access_key} is in use: it is not removed")
    try:
        admin.get_service_account(access_key=access_key)
    except MinioAdminException as error:
        if not any(words in str(error) for words in NO_SUCH_ACCOUNT):
            raise
        return
    admin.delete_service_account(access_key=access_key)


def main(environment: dict[str, str]) -> int:
    secrets = Path(environment.get("SECRETS", "/run/secrets"))

    def secret(name: str) -> str:
        return (secrets / name).read_text().strip()

    address = urlsplit(environment["KOMPETEN_OBJECT_STORE_URL"].removeprefix("s3+"))
    bucket = address.path.strip("/")
    region = environment.get("KOMPETEN_OBJECT_STORE_REGION") or "us-east-1"
    secure = address.scheme == "https"
    managed = environment.get("STORE_ADMIN", "minio") == "minio"
    access_key, secret_key = secret("store_access_key"), secret("store_secret_key")
    user = environment.get("STORE_ROOT_USER", "kompeten-root") if managed else access_key
    password = secret("store_root_password") if managed else secret_key

    client = Minio(
        endpoint=address.netloc,
        access_key=user,
        secret_key=password,
        region=region,
        secure=secure,
        http_client=make_pool(),
    )
    wait_for_store(client, 120)
    wanted = environment.get("KOMPETEN_OBJECT_STORE_LOCK", "").lower() not in {"false", "0"}
    if not make_bucket(client, bucket) and wanted:
        log.error(UNLOCKED, bucket)
        return 1
    if managed:
        admin = MinioAdmin(
            endpoint=address.netloc,
            credentials=StaticProvider(user, password),
            region=region,
            secure=secure,
            http_client=make_pool(),
        )
        rules = {f"store_{name}": write_policy(bucket, rights) for name, rights in SERVICES.items()}
        rules |= {"store": write_policy(bucket, EVERYTHING), "store_backup": write_backup_policy(bucket)}
        for name, allowed in rules.items():
            make_account(admin, secret(f"{name}_access_key"), secret(f"{name}_secret_key"), allowed)
        if former := environment.get("STORE_REMOVE", ""):
            remove_account(admin, former, {secret(f"{name}_access_key") for name in rules})
    log.info("bucket %s: versions are kept, accounts %s", bucket, "made" if managed else "given")
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sys.exit(main(dict(os.environ)))
