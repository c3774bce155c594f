"""The store of a deployment: a bucket on any S3 server."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import urllib3
from minio import Minio
from minio.credentials.credentials import Credentials
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from minio.signer import sign_v4_s3

from shared.errors import NotFound
from shared.objectstore.pacing import OneMoreTry, Paced, TooLong
from shared.objectstore.port import (
    PAGE,
    PROBE,
    Entry,
    Fetched,
    StoreAway,
    StoreUnavailable,
    absent_object,
    checked_key,
    deletable_key,
    replaceable_key,
    taken_key,
)

T = TypeVar("T")

CONNECT_SECONDS = 2.0
PIECE = 64 * 1024
ILL = [500, 502, 503, 504]
MISSING = {"NoSuchKey", "NoSuchObject", "NoSuchBucket", "ResourceNotFound"}
CREATED, DIFFERENT = {200, 201, 204}, {409, 412}
ONLY_NEW = {"If-None-Match": "*"}
LOCKED_UNTIL = "x-amz-object-lock-retain-until-date"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the server may say nothing, and how long one file may take in all, both in seconds."""

    silent: float = 4.0
    whole: float = 20.0


class S3Store:
    """Objects in `bucket` of the server at `endpoint` (`host:port`).

    Writing asks first and then is a PUT with `If-None-Match: *`, which the server itself refuses when the key is taken
    (Ceph does not in a bucket that keeps versions, hence the question), and with the digest of the body under the
    signature, so that it also refuses what was damaged on the way. With `lock` an object
    that has a time to be kept is locked in compliance mode: nobody, the owner included, deletes that version or
    shortens the time. `public` is the address readers reach the same server at, for links.
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
        lock: bool = True,
        public: str = "",
        limits: Limits | None = None,
    ) -> None:
        self.bucket = bucket
        self._limits = limits or Limits()
        self._lock, self._region = lock, region
        self._base = f"{'https' if secure else 'http'}://{endpoint}/{bucket}/"
        self._credentials = Credentials(access_key, secret_key)
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, self._limits.silent), read=self._limits.silent),
            maxsize=connections,
            # A store that is ill may ask to be left alone for minutes (Retry-After): nobody sleeps that long here.
            retries=OneMoreTry(total=1, backoff_factor=0.2, status_forcelist=ILL, respect_retry_after_header=False),
        )

        def client(endpoint: str, secure: bool) -> Minio:
            return Minio(
                endpoint=endpoint,
                access_key=access_key,
                secret_key=secret_key,
                region=region,
                secure=secure,
                http_client=self._http,
            )

        self._client = client(endpoint, secure)
        outside = urlsplit(public)
        self._public = client(outside.netloc, outside.scheme == "https") if public else None

    def put(
        self, key: str, data: bytes, content_type: str, keep_until: datetime | None = None, *, fresh: bool = False
    ) -> None:
        headers = {"Content-Type": content_type, **ONLY_NEW}
        if keep_until and self._lock:
            headers["x-amz-object-lock-mode"] = "COMPLIANCE"
            headers[LOCKED_UNTIL] = keep_until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # Asked first although the PUT refuses a taken key itself: Ceph overwrites in a bucket that keeps versions.
        if fresh or not self.exists(key):
            answer = self._write(checked_key(key), data, headers)
            if answer.status in CREATED:
                return
            if answer.status not in DIFFERENT:
                raise _refused(answer)
        # The same bytes again are no conflict: a job that was interrupted is done twice.
        if self.get(key) != data:
            raise taken_key(key)

    def get(self, key: str) -> bytes:
        return self.fetch(key).data

    def fetch(self, key: str) -> Fetched:
        """Until when it is locked is told to accounts that may `GetObjectRetention`."""
        return self._fetch(key)

    def start(self, key: str, length: int) -> bytes:
        try:
            return self._fetch(key, length).data[:length]
        except StoreUnavailable as refused:
            if not str(refused).startswith("InvalidRange"):
                raise
            return b""  # nothing is in it, and nothing has no beginning

    def _fetch(self, key: str, length: int = 0) -> Fetched:
        """An object, or the first `length` bytes of it."""

        def read() -> Fetched:
            answer = self._client.get_object(bucket_name=self.bucket, object_name=checked_key(key), length=length)
            try:
                until = answer.headers.get(LOCKED_UNTIL)
                return Fetched(
                    self._read_whole(answer),
                    answer.headers.get("content-type") or "application/octet-stream",
                    datetime.fromisoformat(until) if until else None,
                )
            finally:
                answer.close()
                answer.release_conn()

        return _asked(read, key)

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """In a bucket that keeps versions the earlier one stays, for as long as its rules say."""
        answer = self._write(replaceable_key(key), data, {"Content-Type": content_type})
        if answer.status not in CREATED:
            raise _refused(answer)

    def size(self, key: str) -> int:
        def ask() -> int:
            return self._client.stat_object(bucket_name=self.bucket, object_name=checked_key(key)).size or 0

        return _asked(ask, key)

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except NotFound:
            return False
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        after = ""
        while found := self.page(prefix, after):
            yield from (entry.key for entry in found)
            after = found[-1].key

    def page(self, prefix: str = "", after: str = "", limit: int = PAGE) -> list[Entry]:
        def read() -> list[Entry]:
            found = self._client.list_objects(
                bucket_name=self.bucket, prefix=prefix, recursive=True, start_after=after or None
            )
            return [
                Entry(item.object_name or "", item.size or 0, item.last_modified or datetime.now(UTC))
                for item in islice(found, limit)
            ]

        return _asked(read)

    def delete(self, key: str) -> None:
        """In a bucket that keeps versions each one goes, and no marker is left in their place."""

        def remove() -> None:
            versions = self._client.list_objects(
                bucket_name=self.bucket, prefix=deletable_key(key), include_version=True
            )
            for version in versions:
                if version.object_name == key:  # the list goes by prefix: longer keys begin with this one too
                    number = version.version_id if version.version_id != "null" else None
                    self._client.remove_object(bucket_name=self.bucket, object_name=key, version_id=number)

        _asked(remove)

    def tidy(self, before: datetime) -> int:
        """Nothing: a PUT is there whole or not at all."""
        return 0

    def link(self, key: str, seconds: int = 300, name: str = "") -> str:
        if not self.exists(key):
            raise absent_object(key)
        if self._public is None:
            return ""
        shown: Any = {"response-content-disposition": f'attachment; filename="{name}"'} if name else None
        address: str = self._public.presigned_get_object(
            bucket_name=self.bucket, object_name=key, expires=timedelta(seconds=seconds), response_headers=shown
        )
        return address

    def probe(self) -> None:
        answer = self._write(PROBE, datetime.now(UTC).isoformat().encode(), {"Content-Type": "text/plain"})
        if answer.status not in CREATED:
            raise _refused(answer)

    def _write(self, key: str, data: bytes, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """A signed PUT. Every header is under the signature: a server may ignore those that are not."""
        url, now = urlsplit(self._base + quote(key)), datetime.now(UTC)
        digest = hashlib.sha256(data).hexdigest()
        every: Any = {
            **headers,
            "Host": url.netloc,
            "Content-Length": str(len(data)),  # without it a body that is read block by block goes out chunked
            # Demanded by S3 for whatever is locked; the digest that protects the body is the one below.
            "Content-MD5": b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
            "x-amz-content-sha256": digest,
            "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"),
        }
        signed: Any = sign_v4_s3(
            method="PUT",
            url=url,
            region=self._region,
            headers=every,
            credentials=self._credentials,
            content_sha256=digest,
            date=now,
        )
        body = Paced(data, self._limits.whole)
        return _asked(lambda: self._http.request("PUT", url.geturl(), body=body, headers=signed))

    def _read_whole(self, answer: Any) -> bytes:
        """All of a body, however it comes in, within the limit. Raises TooLong."""
        end, pieces = time.monotonic() + self._limits.whole, []
        while piece := answer.read1(PIECE):
            pieces.append(piece)
            if time.monotonic() > end:
                raise TooLong(f"a file took longer than {self._limits.whole:g} s to come")
        return b"".join(pieces)


def _refused(answer: urllib3.BaseHTTPResponse) -> StoreUnavailable:
    kind = StoreAway if answer.status in ILL else StoreUnavailable
    return kind(f"{answer.status} {answer.data[:300].decode(errors='replace')}")


def _asked(ask: Callable[[], T], key: str = "") -> T:
    """What `ask` returns.

    Raises NotFound for a missing object, StoreAway when the store is away, silent, slow or ill, and StoreUnavailable
    when it says no.
    """
    try:
        return ask()
    except S3Error as error:
        if error.code in MISSING and key:
            raise absent_object(key) from None
        kind = StoreAway if error.response.status in ILL else StoreUnavailable
        raise kind(f"{error.code}: {error.message}") from error
    except (ServerError, InvalidResponseError, TooLong, urllib3.exceptions.HTTPError) as error:
        raise StoreAway(str(error)) from error
    except MinioException as error:
        raise StoreUnavailable(str(error)) from error
