"""Bytes as text, the way the W3C's documents write them: multibase `z` is base58btc, `u` is base64url."""

import base64
import binascii

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PLACES = {letter: place for place, letter in enumerate(ALPHABET)}


def encode_base58(data: bytes) -> str:
    """`data` in base58btc, with the prefix `z`."""
    rest, letters = int.from_bytes(data, "big"), []
    while rest:
        rest, place = divmod(rest, 58)
        letters.append(ALPHABET[place])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(letters))


def decode_base58(text: str) -> bytes:
    """The bytes of a text in base58btc with the prefix `z`. Raises ValueError."""
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    number = 0
    for letter in text[1:]:
        if letter not in PLACES:
            raise ValueError("not base58btc")
        number = number * 58 + PLACES[letter]
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_base64url(data: bytes) -> str:
    """`data` in base64url without padding, with the prefix `u`."""
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode_base64url(text: str) -> bytes:
    """The bytes of a text in base64url with the prefix `u`. Raises ValueError."""
    if not text.startswith("u") or "+" in text or "/" in text:
        raise ValueError("not base64url")
    try:
        return base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
