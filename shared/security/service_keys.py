"""The keys by which services know one another: each has a file of its own, and everybody has the public halves of all.

`<service>.key` holds private keys, a line each: `sign` (Ed25519) signs what the service tells, `open` (X25519) opens
what was sealed for it. `public/<service>.pub` holds the public halves, `verify` and `seal`. The first line of a kind is
used, the others are still believed. To roll without stopping: new lines go on top (`roll_service_keys`), in the public
file first, which all readers look into again; what the earlier keys signed or sealed is good until they are retired.
"""

import base64
import hmac
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from shared.contracts.tellers import TELLERS
from shared.durable import create_file
from shared.security.key_files import KeyMissing, alone_in, find_last_change, read_key_file, replace_key_file
from shared.settings import Settings, settings

FOLDER = "service-keys"
PUBLIC_FOLDER = "public"
FOR_EVERYBODY = 0o644
ID_DIGITS = 12
LOOK_SECONDS = 1.0
"""How long a key that was taken out of the public files is still believed, seconds."""
_KINDS = ("sign", "open")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What signs for a service; `id` is that of its public half."""

    id: str
    private: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the folder of public keys held when it was looked into last."""

    config: Settings | None
    at: float
    tellers: dict[str, tuple[str, bytes]]


_looked = _Looked(None, 0.0, {})


def create_service_keys(folder: Path, names: Iterable[str] = TELLERS) -> list[Path]:
    """Make the files missing in `folder` for each service named, and return those made. Safe to repeat."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / PUBLIC_FOLDER).mkdir(exist_ok=True)
    made = []
    for name in names:
        private, public = _files_of(folder, name)
        if create_file(private, "".join(_new_lines()).encode()):
            made.append(private)
        if create_file(public, _public_text(private.read_text()).encode(), FOR_EVERYBODY):
            made.append(public)
    return made


def roll_service_keys(folder: Path, name: str) -> None:
    """Put new keys of service `name` on top of its files, the public one first, so that nobody doubts what they sign.

    Raises KeyMissing when it has none yet.
    """
    private, public = _files_of(folder, name)
    lines = "".join(_new_lines())
    with alone_in(folder):
        both = lines + _read(private), _public_text(lines) + _read(public)
        replace_key_file(public, both[1])
        replace_key_file(private, both[0])


def retire_service_keys(folder: Path, name: str) -> None:
    """Leave only the newest keys of service `name`: what the earlier signed is refused, what they open is lost."""
    private, public = _files_of(folder, name)
    with alone_in(folder):
        newest = "".join(f"{kind} {_keys(_read(private), kind)[0]}\n" for kind in _KINDS)
        replace_key_file(private, newest)
        replace_key_file(public, _public_text(newest))


def check_service_keys(service: str) -> None:
    """Raise KeyMissing unless `service` can sign and the others be known: better now than with the first event."""
    find_signing_key(service)
    find_teller("")


def find_signing_key(service: str) -> SigningKey:
    """The key that signs what `service` tells. Raises KeyMissing: not there, or not one that its readers know."""
    file = _private_file(service)
    return _signing_key(service, file, _public_folder(), find_last_change(file))


def derive_secrets(service: str, purpose: str) -> Sequence[bytes]:
    """What only `service` knows (32 bytes), for one purpose: from each of its signing keys, the newest first.

    Raises KeyMissing.
    """
    file = _private_file(service)
    return _secrets(file, purpose, find_last_change(file))


def find_teller(key_id: str) -> tuple[str, bytes] | None:
    """The service whose signing key has this id, with its public half (32 bytes); None for a key nobody knows.

    Raises KeyMissing when there are no public keys at all.
    """
    global _looked
    config, now = settings(), time.monotonic()
    if _looked.config is not config or key_id not in _looked.tellers or now - _looked.at > LOOK_SECONDS:
        folder = _public_folder()
        _looked = _Looked(config, now, _tellers(folder, _all_changed(folder)))
    return _looked.tellers.get(key_id)


def find_sealing_key(service: str) -> tuple[str, X25519PublicKey]:
    """The id and the key that seal for `service`. Raises KeyMissing."""
    file = _public_folder() / f"{service}.pub"
    return _sealing_key(file, find_last_change(file))


def find_opening_key(service: str, key_id: str) -> X25519PrivateKey | None:
    """The key of `service` that opens what was sealed for the key with this id; None when it has been retired.

    Raises KeyMissing when this process is not that service.
    """
    file = _private_file(service)
    return _opening_keys(file, find_last_change(file)).get(key_id)


@lru_cache(maxsize=16)
def _signing_key(service: str, file: Path, folder: Path, _changed_at: int) -> SigningKey:
    first = _keys(_read(file), "sign")[0]
    private = Ed25519PrivateKey.from_private_bytes(_bytes(first))
    known = _keys(_read(folder / f"{service}.pub"), "verify")
    public = private.public_key().public_bytes_raw()
    if base64.b64encode(public).decode() not in known:
        raise KeyMissing(f"the first key of {file} is none of those that others know {service} by")
    return SigningKey(_id_of(public), private)


@lru_cache(maxsize=16)
def _secrets(file: Path, purpose: str, _changed_at: int) -> Sequence[bytes]:
    return [hmac.digest(_bytes(key), purpose.encode(), "sha256") for key in _keys(_read(file), "sign")]


@lru_cache(maxsize=4)
def _tellers(folder: Path, _changed_at: tuple[int, ...]) -> dict[str, tuple[str, bytes]]:
    found = {}
    for file in sorted(folder.glob("*.pub")):
        for raw in map(_bytes, _keys(_read(file), "verify")):
            found[_id_of(raw)] = file.stem, raw
    if not found:
        raise KeyMissing(f"{folder} holds no public keys of services; `kompeten keys create` makes them")
    return found


@lru_cache(maxsize=16)
def _sealing_key(file: Path, _changed_at: int) -> tuple[str, X25519PublicKey]:
    raw = _bytes(_keys(_read(file), "seal")[0])
    return _id_of(raw), X25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=16)
def _opening_keys(file: Path, _changed_at: int) -> dict[str, X25519PrivateKey]:
    keys = [X25519PrivateKey.from_private_bytes(_bytes(key)) for key in _keys(_read(file), "open")]
    return {_id_of(key.public_key().public_bytes_raw()): key for key in keys}


def _private_file(service: str) -> Path:
    named = settings().service_key_file
    if named is not None:
        return Path(str(named).replace("{service}", service))
    if not settings().embedded:
        raise KeyMissing("KOMPETEN_SERVICE_KEY_FILE is not set; `kompeten keys create --into DIR` makes the file")
    return _public_folder().parent / f"{service}.key"


def _public_folder() -> Path:
    """The folder with everybody's public keys. Embedded they are made when they are first asked for."""
    named = settings().service_public_keys_dir
    if named is not None:
        return named
    folder = settings().data_dir / "keys" / FOLDER
    if settings().embedded and not folder.exists():
        create_service_keys(folder)
    return folder / PUBLIC_FOLDER


def _files_of(folder: Path, name: str) -> tuple[Path, Path]:
    """The private and the public file of a service."""
    return folder / f"{name}.key", folder / PUBLIC_FOLDER / f"{name}.pub"


def _new_lines() -> Iterator[str]:
    for kind in _KINDS:
        yield f"{kind} {base64.b64encode(secrets.token_bytes(32)).decode()}\n"


def _public_text(private: str) -> str:
    signing = [Ed25519PrivateKey.from_private_bytes(_bytes(key)) for key in _keys(private, "sign")]
    opening = [X25519PrivateKey.from_private_bytes(_bytes(key)) for key in _keys(private, "open")]
    lines = [("verify", key.public_key().public_bytes_raw()) for key in signing]
    lines += [("seal", key.public_key().public_bytes_raw()) for key in opening]
    return "".join(f"{kind} {base64.b64encode(raw).decode()}\n" for kind, raw in lines)


def _keys(text: str, kind: str) -> Sequence[str]:
    found = [line.split()[1] for line in text.splitlines() if line.startswith(f"{kind} ")]
    if not found:
        raise KeyMissing(f"a file of service keys has no line that begins with `{kind}`")
    return found


def _bytes(key: str) -> bytes:
    return base64.b64decode(key, validate=True)


def _id_of(public: bytes) -> str:
    return sha256(public).hexdigest()[:ID_DIGITS]


def _all_changed(folder: Path) -> tuple[int, ...]:
    return tuple(find_last_change(file) for file in sorted(folder.glob("*.pub")))


def _read(file: Path) -> str:
    return read_key_file(file).decode("ascii")
