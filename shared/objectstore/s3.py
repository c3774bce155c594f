"""The store of a deployment: a bucket on any S3 server."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from shared.objectstore.port import StoreUnavailable, absent, checked, taken

T = TypeVar("T")

CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0
MISSING = {"NoSuchKey", "NoSuchObject", "NoSuchBucket", "ResourceNotFound"}
CREATED, DIFFERENT = {200, 201, 204}, {409, 412}


class S3Store:
    """Objects in `bucket` of the server at `endpoint` (`host:port`).

    Writing is a PUT with `If-None-Match: *`, which the server itself refuses when the key is taken, and with the
    MD5 of the body, so that it also refuses what was damaged on the way.
    """

    def __init__(
        self,
        endpoint: str,
        bucket: str,
        *,
        access_key: str,
        secret_key: str,
        region: str,
        secure: bool,
        connections: int = 16,
    ) -> None:
        self.bucket = bucket
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            maxsize=connections,
            retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        )
        self._client = Minio(
            endpoint=endpoint,
            access_key=access_key,
            secret_key=secret_key,
            region=region,
            secure=secure,
            http_client=self._http,
        )

    def put(self, key: str, data: bytes, content_type: str) -> None:
        url = self._client.get_presigned_url(
            method="PUT", bucket_name=self.bucket, object_name=checked(key), expires=timedelta(minutes=5)
        )
        digest = hashlib.md5(data, usedforsecurity=False).digest()
        headers = {"Content-Type": content_type, "Content-MD5": b64encode(digest).decode(), "If-None-Match": "*"}
        answer = _asked(lambda: self._http.request("PUT", url, body=data, headers=headers))
        if answer.status in CREATED:
            return
        if answer.status not in DIFFERENT:
            raise StoreUnavailable(f"{answer.status} {answer.data[:300].decode(errors='replace')}")
        if self.get(key) != data:
            raise taken(key)

    def get(self, key: str) -> bytes:
        def read() -> bytes:
            answer = self._client.get_object(bucket_name=self.bucket, object_name=checked(key))
            try:
                data: bytes = answer.read()
                return data
            finally:
                answer.close()
                answer.release_conn()

        return _asked(read, key)

    def exists(self, key: str) -> bool:
        try:
            self._client.stat_object(bucket_name=self.bucket, object_name=checked(key))
        except S3Error as error:
            if error.code in MISSING:
                return False
            raise StoreUnavailable(error.code) from error
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            raise StoreUnavailable(str(error)) from error
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        def read() -> list[str]:
            found = self._client.list_objects(bucket_name=self.bucket, prefix=prefix, recursive=True)
            return [item.object_name or "" for item in found]

        yield from _asked(read)

    def link(self, key: str, seconds: int = 300) -> str:
        """Bound to the host this store is reached at: for readers who reach the same one."""
        if not self.exists(key):
            raise absent(key)
        address: str = self._client.presigned_get_object(
            bucket_name=self.bucket, object_name=key, expires=timedelta(seconds=seconds)
        )
        return address


def _asked(ask: Callable[[], T], key: str = "") -> T:
    """What `ask` gives; a store that refuses or is away becomes NotFound or StoreUnavailable."""
    try:
        return ask()
    except S3Error as error:
        if error.code in MISSING and key:
            raise absent(key) from None
        raise StoreUnavailable(f"{error.code}: {error.message}") from error
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise StoreUnavailable(str(error)) from error
