"""The store of the embedded mode: files in a folder, whole or not there at all."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from shared import clock
from shared.errors import N_, Forbidden
from shared.objectstore.port import StoreUnavailable, absent, checked, taken
from shared.runtime.offload import offload

LINK_KEY = ".link-key"


class FolderStore:
    """Objects as files under `root`. Links begin with `base`; `opened` is what a server behind them calls."""

    def __init__(self, root: Path, base: str = "") -> None:
        self.root = root
        self.base = base

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """The content type is not kept: a key's ending tells it, and the record that names the key."""
        path = self.root / checked(key)
        try:
            created = offload(_create, path, data)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error
        if not created and path.read_bytes() != data:
            raise taken(key)

    def get(self, key: str) -> bytes:
        try:
            return (self.root / checked(key)).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise absent(key) from None
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def exists(self, key: str) -> bool:
        return (self.root / checked(key)).is_file()

    def keys(self, prefix: str = "") -> Iterator[str]:
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        names = (path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))
        yield from sorted(name for name in names if name.startswith(prefix))

    def link(self, key: str, seconds: int = 300) -> str:
        if not self.exists(key):
            raise absent(key)
        expires = int(clock.real_now().timestamp()) + seconds
        return f"{self.base}/{key}?expires={expires}&signature={self._signature(key, expires)}"

    def opened(self, link: str) -> bytes:
        """The object a signed link leads to. Raises Forbidden for an altered or expired link."""
        parts = urlsplit(link)
        key = parts.path.removeprefix(urlsplit(self.base).path).lstrip("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        expires = int(query["expires"]) if query.get("expires", "").isdecimal() else 0
        genuine = hmac.compare_digest(self._signature(key, expires), query.get("signature", ""))
        if not genuine or expires <= clock.real_now().timestamp():
            raise Forbidden("link-expired", N_("Tautan ini tidak berlaku lagi. Minta tautan baru dari halaman berkas."))
        return self.get(key)

    def _signature(self, key: str, expires: int) -> str:
        return hmac.new(self._link_key(), f"{key}\n{expires}".encode(), hashlib.sha256).hexdigest()

    def _link_key(self) -> bytes:
        path = self.root / LINK_KEY
        if not path.exists():
            _create(path, secrets.token_bytes(32))
        return path.read_bytes()


def _create(path: Path, data: bytes) -> bool:
    """Write `path` if nothing is there, durably and all at once; False when something is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{path.name[:40]}.{secrets.token_hex(8)}"
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o600)
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True
