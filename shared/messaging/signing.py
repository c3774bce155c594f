"""Whose word an event is: signed by the service that tells it, one signature for all that is published together.

The broker lets a service publish under its own routing keys alone, and knows nothing of what is in a message. So each
event carries in the header `kompeten-signature` the digests of all events of its group, with one Ed25519 signature over
them: to check it costs one hash an event, and one signature a group (decision 54).
"""

import base64
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.security.service_keys import find_signing_key, find_teller

HEADER = "kompeten-signature"
GROUP = 32
"""Events under one signature at most."""
LONGEST = 1024
"""Characters of the header at most; that of a full group has 781."""
_SIGNED = b"kompeten events 1\0"
"""Put before what is signed, so that no signature of another use passes for one of these."""
_SIGNATURE = 64
_DIGEST = 16
"""Bytes of a digest: to find another event with the same one takes 2**128 tries of anybody but its teller."""


class NotGenuine(Exception):
    """A message that nobody we know has signed; says why."""


def sign_events(service: str, bodies: Sequence[bytes]) -> Iterator[str]:
    """The signature of `service` for each of these events, in their order. Raises KeyMissing."""
    for start in range(0, len(bodies), GROUP):
        group = bodies[start : start + GROUP]
        key, digests = find_signing_key(service), b"".join(map(_digest, group))
        signed = base64.b64encode(key.private.sign(_SIGNED + digests) + digests).decode()
        yield from [f"{key.id}.{signed}"] * len(group)


def find_signer(body: bytes, signature: str) -> str:
    """The service that signed `body`. Raises NotGenuine, or KeyMissing when there are no keys to check by."""
    if len(signature) > LONGEST:
        raise NotGenuine("the signature is too long")
    key_id, _, signed = signature.partition(".")
    known = find_teller(key_id)
    if known is None:
        raise NotGenuine(f"signed by a key that no service has: {key_id[:20]!r}")
    service, public = known
    if _digest(body) not in _open_group(public, signed):
        raise NotGenuine(f"the signature is not one of {service} over this event")
    return service


@lru_cache(maxsize=1024)
def _open_group(public: bytes, signed: str) -> frozenset[bytes]:
    """The digests that were signed with this key; none when they were not."""
    try:
        raw = base64.b64decode(signed, validate=True)
        digests = raw[_SIGNATURE:]
        Ed25519PublicKey.from_public_bytes(public).verify(raw[:_SIGNATURE], _SIGNED + digests)
    except (ValueError, InvalidSignature):
        return frozenset()
    return frozenset(digests[start : start + _DIGEST] for start in range(0, len(digests), _DIGEST))


def _digest(body: bytes) -> bytes:
    return sha256(body).digest()[:_DIGEST]
