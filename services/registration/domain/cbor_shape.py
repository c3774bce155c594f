"""CBOR from strangers, looked at before a library decodes it: authenticators send a small part of it (CTAP2)."""

DEEPEST = 6
"""Maps and lists inside one another; an attestation with certificates has three."""
BYTES, TEXT, LIST, MAP, TAG = 2, 3, 4, 5, 6
LARGEST_INFO = 27
"""What follows a head is a number of at most 8 bytes; above it stand items without an end."""


def refuse_strange_cbor(data: bytes, start: int = 0) -> None:
    """Raise ValueError unless `data` from `start` on is one or more whole items without tags or open ends.

    Tags make a decoder build dates, patterns and huge numbers of what a few bytes claim. Never walks more than it has.
    """
    at = start
    while at < len(data):
        at = _skip_item(data, at, 0)


def _skip_item(data: bytes, at: int, depth: int) -> int:
    """Where the item that begins at `at` ends."""
    if at >= len(data) or depth > DEEPEST:
        raise ValueError("CBOR that is cut off or too deep")
    kind, info = data[at] >> 5, data[at] & 31
    if kind == TAG or info > LARGEST_INFO:
        raise ValueError("CBOR with a tag or an open end")
    size = 0 if info < 24 else 1 << (info - 24)
    number = info if info < 24 else int.from_bytes(data[at + 1 : at + 1 + size], "big")
    at += 1 + size
    if kind in (BYTES, TEXT):
        at += number
    elif kind in (LIST, MAP):
        items = number if kind == LIST else 2 * number
        # However many are claimed: each takes a byte at least, and the walk ends where the bytes do.
        for _ in range(items):
            at = _skip_item(data, at, depth + 1)
    if at > len(data):
        raise ValueError("CBOR that is cut off")
    return at
