"""The keys that encrypt at rest: a ring of them for each service, in a file that no other service is given.

`<folder>/<ring>/encryption.key` holds base64 of 32 bytes a line. The first line encrypts, all of them open; `shared`
after a key says that all services had it together once. A file that changes is read again at the next use, so that a
new line on top (`roll_ring`) counts at once in every replica, without a restart.
"""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.durable import create_file
from shared.security.key_files import KeyMissing, alone_in, find_last_change, read_key_file, replace_key_file
from shared.settings import settings

FOLDER = "encryption"
FILE = "encryption.key"
KEY_BYTES = 32
ID_BYTES = 4
SHARED = "shared"
RINGS = {
    "registration": "registration",
    "assessment": "assessment",
    "decision": "decision",
    "certificate": "certificate",
    "surveillance": "surveillance",
    "photos": "registration",
}
"""Each ring with the service whose rows name what it encrypts. `photos`: what registration hands to certificate."""
SHARED_BEFORE = ("registration", "assessment", "certificate", "surveillance")
"""The services that had one key together; what they encrypted with it stays readable."""


class RolledMeanwhile(KeyMissing):
    """The ring has another newest key than was looked at: nothing is known of what needs the earlier ones."""


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key of a ring (32 bytes); `id` (4 bytes) follows from it and stands before whatever it encrypts."""

    id: bytes
    secret: bytes
    shared: bool = False


def create_rings(folder: Path, names: Iterable[str] = tuple(RINGS)) -> list[Path]:
    """Make the rings missing below `folder/encryption`, and return their files. Safe to repeat.

    The lines of `folder/encryption.key`, which services shared before, become the older lines of the rings of those
    that had it.
    """
    earlier = folder / FILE
    taken = [f"{line} {SHARED}\n" for line in earlier.read_text("ascii").split()] if earlier.exists() else []
    made = []
    for name in names:
        file = find_ring_file(folder / FOLDER, name)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if create_file(file, "".join([_new_line(), *(taken if name in SHARED_BEFORE else [])]).encode()):
            made.append(file)
    return made


def roll_ring(folder: Path, name: str) -> None:
    """Put a new key on top of a ring below `folder`: what is written from now on is encrypted with it.

    Raises KeyMissing when there is no such ring.
    """
    file = find_ring_file(folder, name)
    with alone_in(file.parent):
        replace_key_file(file, _new_line() + "".join(f"{line}\n" for line in _lines(file)))


def retire_ring(folder: Path, name: str, newest: bytes | None = None) -> None:
    """Leave a ring below `folder` its newest key only: what the earlier ones encrypted is lost. Raises KeyMissing.

    `newest` is the id of the key under which everything was found to be; RolledMeanwhile when another one is by now.
    """
    file = find_ring_file(folder, name)
    with alone_in(file.parent):
        first = _lines(file)[0]
        if newest is not None and _key(file, *first.split()).id != newest:
            raise RolledMeanwhile(f"{name} has another newest key than the one everything was found to be under")
        replace_key_file(file, f"{first}\n")


def find_ring_keys(name: str) -> tuple[RingKey, ...]:
    """The keys of a ring, the one that encrypts first. Raises KeyMissing: none, or this process has not got them."""
    return read_ring(find_ring_file(_folder(), name))


def read_ring(file: Path) -> tuple[RingKey, ...]:
    """The keys in a file. Raises KeyMissing."""
    return _read_ring(file, find_last_change(file))


def find_ring_file(folder: Path, name: str) -> Path:
    """Where the keys of a ring are below the folder of all of them."""
    return folder / name / FILE


def _folder() -> Path:
    named = settings().encryption_keys_dir
    if named is not None:
        return named
    if settings().embedded:
        return settings().data_dir / "keys" / FOLDER
    raise KeyMissing("KOMPETEN_ENCRYPTION_KEYS_DIR is not set; `kompeten keys create --into DIR` makes the files")


@lru_cache(maxsize=32)
def _read_ring(file: Path, _changed_at: int) -> tuple[RingKey, ...]:
    return tuple(_key(file, *line.split()) for line in _lines(file))


def _lines(file: Path) -> list[str]:
    lines = [line.strip() for line in read_key_file(file).decode("ascii").splitlines() if line.strip()]
    if not lines:
        raise KeyMissing(f"{file} must hold base64 of {KEY_BYTES} bytes on each line")
    return lines


def _key(file: Path, key: str, *marks: str) -> RingKey:
    try:
        secret = base64.b64decode(key, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyMissing(f"{file} must hold base64 of {KEY_BYTES} bytes on each line")
    id = HKDF(algorithm=SHA256(), length=ID_BYTES, salt=None, info=b"kompeten key id").derive(secret)
    return RingKey(id, secret, SHARED in marks)


def _new_line() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n"
