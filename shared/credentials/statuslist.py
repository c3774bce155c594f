"""Which certificates are revoked or suspended, as W3C Bitstring Status Lists 1.0: one bit for each version.

A list holds the bits of 131,072 versions. Their places are shuffled, so that who knows the place of one certificate
learns nothing of those issued before and after it.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.credentials import did, proof
from shared.credentials.keys import CredentialKey
from shared.credentials.multibase import base64url, bytes_of_base64url
from shared.credentials.proof import DATE_TIME, SECURITY, TYPE, timestamp
from shared.credentials.quads import Quad, canonical, iri, literal

ENTRIES = 131_072
"""The least the standard allows: a list is too long to tell much about whoever asks for it."""
MULTIPLIER, OFFSET = 48_271, 91_011
"""An odd multiplier modulo a power of two meets every place once."""
CONTEXTS = ["https://www.w3.org/ns/credentials/v2"]
CREDENTIALS = "https://www.w3.org/2018/credentials#"
STATUS = "https://www.w3.org/ns/credentials/status#"


class Purpose(StrEnum):
    """What a set bit means: revoked for good, or suspended for now."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def place(index: int) -> tuple[int, int]:
    """The list that holds the bit of version `index` (from 0), and its place there."""
    number, within = divmod(index, ENTRIES)
    return number, (within * MULTIPLIER + OFFSET) % ENTRIES


def index(number: int, bit: int) -> int:
    """The version whose bit stands at that place of that list."""
    return number * ENTRIES + (bit - OFFSET) * pow(MULTIPLIER, -1, ENTRIES) % ENTRIES


def address(base: str, number: int, purpose: Purpose) -> str:
    return f"{base}/status/{number}/{purpose}"


def entry(base: str, index: int, purpose: Purpose) -> dict[str, str]:
    """What a credential says about where its status stands."""
    number, bit = place(index)
    where = address(base, number, purpose)
    return {
        "id": f"{where}#{bit}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(bit),
        "statusListCredential": where,
    }


def encode(places: Iterable[int]) -> str:
    """The list with these places set, bit 0 leftmost; the same places give the same text."""
    bits = bytearray(ENTRIES // 8)
    for bit in places:
        bits[bit >> 3] |= 0x80 >> (bit & 7)
    return base64url(gzip.compress(bytes(bits), compresslevel=6, mtime=0))


def decode(text: str) -> bytes:
    """The bits of a list of exactly ENTRIES. Raises ValueError; never unpacks more than a list has."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        bits = unpacker.decompress(bytes_of_base64url(text), ENTRIES // 8 + 1)
    except zlib.error as error:
        raise ValueError("not a packed list") from error
    if len(bits) != ENTRIES // 8 or not unpacker.eof:
        raise ValueError("not a list of the length issued here")
    return bits


def is_set(bits: bytes, bit: int) -> bool:
    return bool(bits[bit >> 3] & (0x80 >> (bit & 7)))


def issue(
    base: str, number: int, purpose: Purpose, places: Iterable[int], key: CredentialKey, at: datetime, until: datetime
) -> str:
    """The signed list as JSON: what held at `at`, to be asked for anew after `until`."""
    where, issuer = address(base, number, purpose), did.of(base)
    content = {
        "@context": CONTEXTS,
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": timestamp(at),
        "validUntil": timestamp(until),
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encode(places),
        },
    }
    signed = {**content, "proof": proof.made(canonical(statements(content)), issuer, key, at)}
    return json.dumps(signed, separators=(",", ":"))


def statements(content: dict[str, Any]) -> Iterator[Quad]:
    """What a list credential says, as RDF; its proof is left out."""
    me, subject = iri(content["id"]), content["credentialSubject"]
    bits = iri(subject["id"])
    yield me, TYPE, f"<{CREDENTIALS}VerifiableCredential>"
    yield me, TYPE, f"<{STATUS}BitstringStatusListCredential>"
    yield me, f"<{CREDENTIALS}issuer>", iri(content["issuer"])
    yield me, f"<{CREDENTIALS}validFrom>", literal(content["validFrom"], DATE_TIME)
    yield me, f"<{CREDENTIALS}validUntil>", literal(content["validUntil"], DATE_TIME)
    yield me, f"<{CREDENTIALS}credentialSubject>", bits
    yield bits, TYPE, f"<{STATUS}BitstringStatusList>"
    yield bits, f"<{STATUS}statusPurpose>", literal(subject["statusPurpose"])
    yield bits, f"<{STATUS}encodedList>", literal(subject["encodedList"], f"{SECURITY}multibase")
