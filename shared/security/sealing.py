"""Sealing a field of a fact for the one service that reads it: HPKE (RFC 9180; X25519, HKDF-SHA256, AES-256-GCM).

Every seal is of its own: the same text sealed twice is two different ones, and only the reader's key opens either. What
is sealed is padded to whole blocks, so that nobody sees from its length whether something was said.
"""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from shared.contracts.envelope import Fact
from shared.contracts.sealed import PREFIX, list_sealed_fields
from shared.security.service_keys import find_opening_key, find_sealing_key

BLOCK = 256
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_END = b"\x80"


class SealBroken(ValueError):
    """A sealed field that cannot be opened: altered, of another field, erased, or its key is retired."""


def seal_field(kind: type[Fact], name: str, text: str) -> str:
    """`text` as the field `name` of a fact of this kind carries it. Raises KeyMissing."""
    key_id, key = find_sealing_key(list_sealed_fields(kind)[name])
    padded = text.encode() + _END
    padded += bytes(-len(padded) % BLOCK)
    return f"{PREFIX}{key_id}.{base64.b64encode(_SUITE.encrypt(padded, key, _info(kind, name))).decode()}"


def open_field(kind: type[Fact], name: str, value: str) -> str:
    """The text that the field `name` of such a fact holds, for the service that may read it.

    A value that is not sealed was told before fields were: it is returned as it is. Raises SealBroken, or KeyMissing
    when this process is not that service.
    """
    if not value.startswith(PREFIX):
        return value
    key_id, _, sealed = value.removeprefix(PREFIX).partition(".")
    key = find_opening_key(list_sealed_fields(kind)[name], key_id)
    if key is None:
        raise SealBroken(f"{kind.type} {name}: sealed for a key that is retired")
    try:
        padded = _SUITE.decrypt(base64.b64decode(sealed, validate=True), key, _info(kind, name))
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"{kind.type} {name}: cannot be opened") from error
    return padded.rpartition(_END)[0].decode()


def _info(kind: type[Fact], name: str) -> bytes:
    """Binds what is sealed to its field: copied into another it does not open."""
    return f"kompeten {kind.type} {name}".encode()
