"""What was written while all services had one encryption key together, by the code of that time."""

import base64
import hmac
import os
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.security.keyrings import FILE, FOLDER, RINGS, create_rings


def share_one_key(folder: Path) -> str:
    """Leave in `folder` what the rings are after one shared key (base64) was taken over, and return that key."""
    key = base64.b64encode(os.urandom(32)).decode()
    (folder / FILE).write_text(f"{key}\n")
    for name in RINGS:
        (folder / FOLDER / name / FILE).unlink(missing_ok=True)
    create_rings(folder)
    return key


def encrypt_earlier(key: str, data: bytes, context: str) -> bytes:
    nonce = os.urandom(12)
    cipher = AESGCM(_derive(key, "encrypt"))
    return _derive(key, "key id", 4) + nonce + cipher.encrypt(nonce, data, context.encode())


def encrypt_text_earlier(key: str, text: str, context: str) -> str:
    return base64.urlsafe_b64encode(encrypt_earlier(key, text.encode(), context)).decode()


def hash_earlier(key: str, value: str, context: str) -> str:
    return hmac.new(_derive(key, "blind index"), f"{context}\0{value}".encode(), sha256).hexdigest()


def _derive(key: str, purpose: str, length: int = 32) -> bytes:
    info = f"kompeten {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(base64.b64decode(key))
