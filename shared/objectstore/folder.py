"""The store of the embedded mode: files in a folder, whole or not there at all."""

import hashlib
import hmac
import mimetypes
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from shared import clock
from shared.durable import OWNER_ALONE, create_file, is_draft, replace_file
from shared.errors import N_, Forbidden
from shared.objectstore.port import (
    PAGE,
    PROBE,
    Entry,
    Fetched,
    StoreUnavailable,
    absent_object,
    checked_key,
    deletable_key,
    replaceable_key,
    taken_key,
)
from shared.runtime.offload import offload

LINK_KEY = ".link-key"
SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
READ_ONLY = 0o400


class FolderStore:
    """Objects as files under `root`. Links begin with `base`; `opened` is what a server behind them calls."""

    def __init__(self, root: Path, base: str = "") -> None:
        self.root = root
        self.base = base

    def put(
        self, key: str, data: bytes, content_type: str, keep_until: datetime | None = None, *, fresh: bool = False
    ) -> None:
        """The content type is not kept: a key's ending tells it, and the record that names the key.

        A file that is to be kept for a time can't be written to: enough against mistakes, while only a store with
        object lock holds against its owner.
        """
        path = self.root / checked_key(key)
        try:
            created = offload(create_file, path, data, READ_ONLY if keep_until else OWNER_ALONE)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error
        if not created and path.read_bytes() != data:
            raise taken_key(key)

    def get(self, key: str) -> bytes:
        try:
            return (self.root / checked_key(key)).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise absent_object(key) from None
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def fetch(self, key: str) -> Fetched:
        """The type is told by the key's ending; how long it is to be kept, by its record alone."""
        return Fetched(self.get(key), mimetypes.guess_type(key)[0] or "application/octet-stream")

    def start(self, key: str, length: int) -> bytes:
        return self.get(key)[:length]

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        path = self.root / replaceable_key(key)
        try:
            offload(replace_file, path, data)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def size(self, key: str) -> int:
        path = self.root / checked_key(key)
        if not path.is_file():
            raise absent_object(key)
        return path.stat().st_size

    def exists(self, key: str) -> bool:
        return (self.root / checked_key(key)).is_file()

    def keys(self, prefix: str = "") -> Iterator[str]:
        folder = self.root / prefix.rpartition("/")[0]
        found = (path.relative_to(self.root) for path in folder.rglob("*") if path.is_file())
        names = (path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))
        yield from sorted(name for name in names if name.startswith(prefix))

    def page(self, prefix: str = "", after: str = "", limit: int = PAGE) -> list[Entry]:
        names = [name for name in self.keys(prefix) if name > after][:limit]
        return [entry for entry in map(self._entry, names) if entry is not None]

    def delete(self, key: str) -> None:
        path = self.root / deletable_key(key)
        try:
            if path.stat().st_mode & 0o200 == 0:  # `put` made it read-only because it is to be kept
                raise StoreUnavailable(f"{key} is kept for its time")
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def tidy(self, before: datetime) -> int:
        """Drafts of a process that was killed while it wrote (`shared/durable.py`)."""
        drafts = [path for path in self.root.rglob(".*") if is_draft(path.name) and path.is_file()]
        removed = 0
        for draft in drafts:
            try:
                if draft.stat().st_mtime < before.timestamp():
                    draft.unlink()
                    removed += 1
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreUnavailable(str(error)) from error
        return removed

    def _entry(self, name: str) -> Entry | None:
        """None for a file that went after it was listed."""
        try:
            found = (self.root / name).stat()
        except FileNotFoundError:
            return None
        return Entry(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def link(self, key: str, seconds: int = 300, name: str = "") -> str:
        if not self.exists(key):
            raise absent_object(key)
        expires = int(clock.real_now().timestamp()) + seconds
        saved = f"&name={quote(name)}" if name else ""
        return f"{self.base}/{key}?expires={expires}&signature={self._signature(key, expires)}{saved}"

    def probe(self) -> None:
        path = self.root / PROBE
        try:
            path.unlink(missing_ok=True)
            offload(create_file, path, clock.real_now().isoformat().encode())
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def opened(self, link: str) -> bytes:
        """The object a signed link leads to. Raises Forbidden for an altered or expired link."""
        try:
            parts = urlsplit(link)
        except ValueError:
            parts = urlsplit("")
        key = parts.path.removeprefix(urlsplit(self.base).path).lstrip("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        expires = int(given) if SECONDS.fullmatch(given := query.get("expires", "")) else 0
        signature = query.get("signature", "").encode("utf-8", "replace")
        genuine = hmac.compare_digest(self._signature(key, expires).encode(), signature)
        if not genuine or expires <= clock.real_now().timestamp():
            raise Forbidden("link-expired", N_("Tautan ini tidak berlaku lagi. Minta tautan baru dari halaman berkas."))
        return self.get(key)

    def _signature(self, key: str, expires: int) -> str:
        return hmac.new(self._link_key(), f"{key}\n{expires}".encode(), hashlib.sha256).hexdigest()

    def _link_key(self) -> bytes:
        path = self.root / LINK_KEY
        create_file(path, secrets.token_bytes(32))
        return path.read_bytes()
