"""A Merkle tree over the register (RFC 6962 2.1): one hash that speaks for a whole batch of certificates.

Whoever has one certificate, its place and a handful of hashes can check that it belongs under the root, without seeing
any other certificate. Hashes are SHA-256, 32 bytes.
"""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\0", b"\1"
"""Put before what is hashed, so that a node never passes for a leaf."""


def hash_leaf(number: str, version: int, sha256: str) -> bytes:
    """The hash of one version of a certificate: its number, its version, and the SHA-256 (hex) of its file."""
    return hashlib.sha256(LEAF + f"{number}\n{version}\n{sha256.lower()}".encode()).digest()


def hash_log_head(service: str, number: int, head: str) -> bytes:
    """The hash of the head of a service's log: the service, the number of the block, and its head (hex).

    Its text has four lines, that of a certificate three: neither passes for the other.
    """
    return hashlib.sha256(LEAF + f"log\n{service}\n{number}\n{head.lower()}".encode()).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root hash of the tree over `leaves`, of which there is at least one."""
    if len(leaves) == 1:
        return leaves[0]
    middle = _middle(len(leaves))
    return _node(merkle_root(leaves[:middle]), merkle_root(leaves[middle:]))


def merkle_path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes that lead from the leaf at `position` up to the root, the nearest first."""
    if len(leaves) == 1:
        return []
    middle = _middle(len(leaves))
    if position < middle:
        return [*merkle_path(leaves[:middle], position), merkle_root(leaves[middle:])]
    return [*merkle_path(leaves[middle:], position - middle), merkle_root(leaves[:middle])]


def root_from_path(start: bytes, position: int, count: int, steps: Sequence[bytes]) -> bytes:
    """The root hash that `steps` lead to from the leaf `start` at `position` (from 0) of `count` (RFC 9162 2.1.3.2).

    Raises ValueError when there are too many or too few steps for that place.
    """
    if not 0 <= position < count:
        raise ValueError("the place lies outside the batch")
    here, last, found = position, count - 1, start
    for step in steps:
        if last == 0:
            raise ValueError("the path is too long")
        if here & 1 or here == last:
            found = _node(step, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = _node(found, step)
        here, last = here >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return found


def _middle(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()
