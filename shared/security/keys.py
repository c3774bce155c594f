"""Where keys come from: made once by `kompeten keys create` (or at the first embedded start), read from files after.

The folder holds `token-private.pem` and `token-public.pem` (Ed25519); what encrypts is in `keyrings.py`, what services
know one another by in `service_keys.py`. A key file that exists is never written over: with it would go everything it
has signed or encrypted.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from shared.durable import create_file
from shared.security.key_files import KeyMissing
from shared.security.keyrings import create_rings
from shared.settings import Settings, settings

PRIVATE = "token-private.pem"
PUBLIC = "token-public.pem"


def create_keys(directory: Path) -> list[Path]:
    """Make the key files missing in `directory`, and return those made. Safe to repeat, and to run twice at once."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[Path] = []
    private, public = directory / PRIVATE, directory / PUBLIC
    if create_file(private, new_private_pem()):
        made.append(private)
    if create_file(public, public_pem(private.read_bytes())):
        made.append(public)
    return made + create_rings(directory)


def find_key_file(setting: str, name: str) -> Path:
    """The configured file, or its place in the data folder when everything runs embedded."""
    current: Settings = settings()
    configured: Path | None = getattr(current, setting)
    if configured is not None:
        return configured
    if current.embedded:
        return current.data_dir / "keys" / name
    raise KeyMissing(f"KOMPETEN_{setting.upper()} is not set; `kompeten keys create --into DIR` makes the file")


def new_private_pem() -> bytes:
    """A fresh Ed25519 private key, as PEM (PKCS#8) without a password."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(private_pem: bytes) -> bytes:
    """The public half (PEM) of an Ed25519 private key (PEM)."""
    key = load_pem_private_key(private_pem, password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
