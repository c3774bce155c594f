"""Which store this process uses, from `KOMPETEN_OBJECT_STORE_URL`."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.circuit import Circuit
from shared.objectstore.folder import FolderStore
from shared.objectstore.patient import PatientStore
from shared.objectstore.port import ObjectStore
from shared.objectstore.s3 import Limits, S3Store
from shared.settings import Settings, settings

FILES = "/certificate/files"
"""Where the certificate service hands out what links of a folder lead to."""


@lru_cache(maxsize=1)
def object_store() -> ObjectStore:
    """The object store of this process, chosen by the settings."""
    return choose_store(settings())


def choose_store(settings: Settings) -> ObjectStore:
    """The store that the settings name: `file:///folder`, `s3+http://host:port/bucket` or `s3+https://…`.

    Without an address it is a folder in the data folder.

    Raises ValueError for any other address.
    """
    files = settings.public_url.rstrip("/") + FILES
    if not settings.object_store_url:
        return FolderStore(settings.data_dir / "objects", files)
    url = urlsplit(settings.object_store_url)
    if url.scheme == "file" and url.path:
        return FolderStore(Path(unquote(url.path)), files)
    bucket = url.path.strip("/")
    if url.scheme in {"s3+http", "s3+https"} and url.hostname and bucket:
        server = S3Store(
            url.netloc,
            bucket,
            access_key=settings.secret(settings.object_store_access_key_file),
            secret_key=settings.secret(settings.object_store_secret_key_file),
            region=settings.object_store_region,
            secure=url.scheme == "s3+https",
            lock=settings.object_store_lock,
            public=settings.object_store_public_url,
            limits=Limits(settings.object_store_silent_seconds, settings.object_store_seconds),
        )
        return PatientStore(server, Circuit("the object store", rest_seconds=settings.object_store_rest_seconds))
    raise ValueError(
        "KOMPETEN_OBJECT_STORE_URL must be file:///folder, s3+http://host:port/bucket or s3+https://host:port/bucket"
    )
