"""Blocks: how their heads are made and signed, and what of a block does not hold."""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.chain.content import write_canonical_row
from shared.chain.ledgers import Row
from shared.chain.models import ChainBlock
from shared.documents import merkle
from shared.security.service_keys import find_signing_key, find_teller

BEGINNING = "0" * 64
"""What stands before the first block."""
DOMAIN = b"kompeten-log-head\0"
_LEAF = struct.Struct(">q32s")


def close_block(
    service: str,
    ledger: str,
    rows: Sequence[Row],
    after: int,
    before: ChainBlock | None,
    now: datetime,
    unmarked: Sequence[int] = (),
) -> ChainBlock:
    """The block of these rows (at least one) that follows `before`, signed by the service. Raises KeyMissing."""
    block = ChainBlock(
        number=before.number + 1 if before else 1,
        ledger=ledger,
        after=after,
        last=rows[-1].position,
        count=len(rows),
        leaves=b"".join(_LEAF.pack(row.position, row.hash) for row in rows),
        unmarked=list(unmarked),
        root=merkle.merkle_root([row.hash for row in rows]).hex(),
        previous=before.head if before else BEGINNING,
        closed_at=now,
    )
    block.head = compute_head(service, block)
    block.key_id, block.signature = sign_head(service, block.head)
    return block


def compute_head(service: str, block: ChainBlock) -> str:
    """The hash over all that a block says and the head before it, in hex."""
    names = ("number", "ledger", "after", "last", "count", "unmarked", "root", "previous", "closed_at")
    return sha256(
        write_canonical_row({"service": service, **{name: getattr(block, name) for name in names}})
    ).hexdigest()


def sign_head(service: str, head: str) -> tuple[str, str]:
    """The id of the service's key, and its signature of a head (hex). Raises KeyMissing."""
    key = find_signing_key(service)
    return key.id, key.private.sign(DOMAIN + bytes.fromhex(head)).hex()


def is_signed(service: str, head: str, key_id: str, signature: str) -> bool | None:
    """Whether a key of this service signed the head; None when nobody has that key any more: it was retired."""
    teller = find_teller(key_id)
    if teller is None:
        return None
    name, public = teller
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), DOMAIN + bytes.fromhex(head))
    except (InvalidSignature, ValueError):
        return False
    return name == service


def read_leaves(block: ChainBlock) -> list[tuple[int, bytes]]:
    """Position and hash of each row of a block. Raises ValueError when they are not of that form."""
    try:
        return list(_LEAF.iter_unpack(block.leaves))
    except struct.error as error:
        raise ValueError("not whole leaves") from error


def list_breaks(service: str, block: ChainBlock, before: ChainBlock | None, end: int) -> Iterator[str]:
    """What of a block does not hold by itself, in words; `end` is where the blocks of its ledger before it ended."""
    if block.number != (before.number if before else 0) + 1:
        yield "blocks before it are missing"
    if block.previous != (before.head if before else BEGINNING):
        yield "it does not follow the block before it"
    if block.after != end:
        yield f"its rows begin after position {block.after}, those chained before end at {end}"
    if block.head != compute_head(service, block):
        yield "its head does not fit what it says"
    try:
        leaves = read_leaves(block)
        fits = bool(leaves) and merkle.merkle_root([leaf for _, leaf in leaves]).hex() == block.root
        fits = fits and len(leaves) == block.count and leaves[-1][0] == block.last
    except ValueError:
        fits = False
    if not fits:
        yield "its hashes of rows do not lead to its root"
    if is_signed(service, block.head, block.key_id, block.signature) is False:
        yield "its signature is not the service's"
