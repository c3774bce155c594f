"""Which certificates are revoked or suspended, as W3C Bitstring Status Lists 1.0: one bit for each version.

A list holds 131,072 bits, half of them of versions; whose bit stands where is drawn at random by who issues
(`services/certificate/making/commands/status_places.py`). Index and place are two names of one thing: the first
certificates had indexes in a row, and the shuffle between the two is kept for them.
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
from shared.credentials.multibase import decode_base64url, encode_base64url
from shared.credentials.proof import DATE_TIME, SECURITY, TYPE, proof_time
from shared.credentials.quads import Quad, canonical_quads, rdf_iri, rdf_literal

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


def place_of_version(index: int) -> tuple[int, int]:
    """The number of the list that holds the bit of version `index` (both from 0), and the bit's place in it."""
    number, within = divmod(index, ENTRIES)
    return number, (within * MULTIPLIER + OFFSET) % ENTRIES


def version_at_place(number: int, bit: int) -> int:
    """The index of the version whose bit stands at place `bit` of list `number`: undoes `place_of_version`."""
    return number * ENTRIES + (bit - OFFSET) * pow(MULTIPLIER, -1, ENTRIES) % ENTRIES


def status_list_address(base: str, number: int, purpose: Purpose) -> str:
    """The address of list `number` for `purpose` below the issuer's `base`."""
    return f"{base}/status/{number}/{purpose}"


def status_entry(base: str, index: int, purpose: Purpose) -> dict[str, str]:
    """The part of a credential that says where the bit of version `index` stands."""
    number, bit = place_of_version(index)
    where = status_list_address(base, number, purpose)
    return {
        "id": f"{where}#{bit}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(bit),
        "statusListCredential": where,
    }


def encode_bits(places: Iterable[int]) -> str:
    """A list with the bits at `places` set and all others not, packed; the same places give the same text."""
    bits = bytearray(ENTRIES // 8)
    for bit in places:
        bits[bit >> 3] |= 0x80 >> (bit & 7)
    return encode_base64url(gzip.compress(bytes(bits), compresslevel=6, mtime=0))


def decode_bits(text: str) -> bytes:
    """The bits of a packed list. Raises ValueError unless they are exactly ENTRIES; never unpacks more."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        bits = unpacker.decompress(decode_base64url(text), ENTRIES // 8 + 1)
    except zlib.error as error:
        raise ValueError("not a packed list") from error
    if len(bits) != ENTRIES // 8 or not unpacker.eof:
        raise ValueError("not a list of the length issued here")
    return bits


def is_bit_set(bits: bytes, bit: int) -> bool:
    """Whether bit `bit` (0 is leftmost) is set."""
    return bool(bits[bit >> 3] & (0x80 >> (bit & 7)))


def issue_status_list(
    base: str, number: int, purpose: Purpose, places: Iterable[int], key: CredentialKey, at: datetime, until: datetime
) -> str:
    """The signed list as JSON: what held at `at`, to be asked for anew after `until`."""
    where, issuer = status_list_address(base, number, purpose), did.did_of(base)
    content = {
        "@context": CONTEXTS,
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": proof_time(at),
        "validUntil": proof_time(until),
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encode_bits(places),
        },
    }
    signed = {**content, "proof": proof.make_proof(canonical_quads(status_list_statements(content)), issuer, key, at)}
    return json.dumps(signed, separators=(",", ":"))


def status_list_statements(content: dict[str, Any]) -> Iterator[Quad]:
    """What a status list credential says, as RDF statements; its proof is left out."""
    me, subject = rdf_iri(content["id"]), content["credentialSubject"]
    bits = rdf_iri(subject["id"])
    yield me, TYPE, f"<{CREDENTIALS}VerifiableCredential>"
    yield me, TYPE, f"<{STATUS}BitstringStatusListCredential>"
    yield me, f"<{CREDENTIALS}issuer>", rdf_iri(content["issuer"])
    yield me, f"<{CREDENTIALS}validFrom>", rdf_literal(content["validFrom"], DATE_TIME)
    yield me, f"<{CREDENTIALS}validUntil>", rdf_literal(content["validUntil"], DATE_TIME)
    yield me, f"<{CREDENTIALS}credentialSubject>", bits
    yield bits, TYPE, f"<{STATUS}BitstringStatusList>"
    yield bits, f"<{STATUS}statusPurpose>", rdf_literal(subject["statusPurpose"])
    yield bits, f"<{STATUS}encodedList>", rdf_literal(subject["encodedList"], f"{SECURITY}multibase")
