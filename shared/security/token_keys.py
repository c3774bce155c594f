"""The keys of access tokens: registration signs with the private one, every service believes the public ones.

`token-public.pem` may hold several public keys, one PEM block after the other: while a new pair comes into use, what
the old one signed stays good. Both files are looked into again whenever they change: nothing has to be started anew.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared.security.key_files import KeyMissing, WatchedFile, alone_in, read_key_file, rewrite_file
from shared.security.keys import PRIVATE, PUBLIC, find_key_file, new_private_pem, public_pem

END = b"-----END PUBLIC KEY-----\n"


def token_private_key() -> Ed25519PrivateKey:
    """The key that signs access tokens; only registration has it. Raises KeyMissing."""
    return _private.read(find_key_file("token_private_key_file", PRIVATE))


def token_public_keys() -> tuple[Ed25519PublicKey, ...]:
    """The keys that verify access tokens, in every service, the newest first. Raises KeyMissing."""
    return _public.read(find_key_file("token_public_key_file", PUBLIC))


def roll_token_keys(folder: Path) -> None:
    """A new pair: the public key is known everywhere before the private one signs. The files stay the same files, which
    containers have open. Raises KeyMissing when there is no pair yet.
    """
    private, public = folder / PRIVATE, folder / PUBLIC
    with alone_in(folder):
        new, before = new_private_pem(), read_key_file(public)
        _load_public(public, before)
        rewrite_file(public, public_pem(new) + before)
        rewrite_file(private, new)


def retire_token_keys(folder: Path) -> None:
    """Keep no public key but the newest: what earlier ones signed is good no longer. Raises KeyMissing."""
    with alone_in(folder):
        rewrite_file(folder / PUBLIC, public_pem(read_key_file(folder / PRIVATE)))


def _load_private(file: Path, content: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(content, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"{file} holds no Ed25519 private key")
    return key


def _load_public(file: Path, content: bytes) -> tuple[Ed25519PublicKey, ...]:
    blocks = [block + END for block in content.split(END) if block.strip()]
    keys = tuple(load_pem_public_key(block) for block in blocks)
    if not keys or not all(isinstance(key, Ed25519PublicKey) for key in keys):
        raise KeyMissing(f"{file} holds no Ed25519 public key")
    return tuple(key for key in keys if isinstance(key, Ed25519PublicKey))


_private = WatchedFile(_load_private)
_public = WatchedFile(_load_public)
