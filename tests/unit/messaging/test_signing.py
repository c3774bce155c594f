"""Signatures over groups of events: what they cost, and that nothing passes for one."""

import base64
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.messaging import signing
from shared.messaging.signing import GROUP, LONGEST, NotGenuine, find_signer, sign_events

BODIES = [f"event {number}".encode() for number in range(2 * GROUP + 3)]


def test_each_event_is_signed_by_who_tells_it() -> None:
    signatures = list(sign_events("decision", BODIES))
    assert [find_signer(body, one) for body, one in zip(BODIES, signatures, strict=True)] == ["decision"] * len(BODIES)
    assert max(map(len, signatures)) <= LONGEST


def test_a_group_costs_one_signature_to_make_and_one_to_check() -> None:
    signing._open_group.cache_clear()
    signatures = list(sign_events("decision", BODIES))
    assert len(set(signatures)) == 3
    with patch.object(signing, "Ed25519PublicKey", wraps=Ed25519PublicKey) as checked:
        for body, signature in zip(BODIES, signatures, strict=True):
            find_signer(body, signature)
    assert checked.from_public_bytes.call_count == 3


def test_nothing_told_signs_nothing() -> None:
    assert list(sign_events("decision", [])) == []


def changed(signature: str, place: int) -> str:
    key, _, signed = signature.partition(".")
    raw = bytearray(base64.b64decode(signed))
    raw[place] ^= 1
    return f"{key}.{base64.b64encode(raw).decode()}"


@pytest.mark.parametrize("place", [0, 63, 64, -1])
def test_no_bit_of_a_signature_may_change(place: int) -> None:
    (signature,) = sign_events("decision", [b"told"])
    with pytest.raises(NotGenuine, match="not one of decision"):
        find_signer(b"told", changed(signature, place))


def test_a_signature_over_other_events_says_nothing_of_this_one() -> None:
    signature = next(sign_events("decision", BODIES))
    for body in (b"", b"told", BODIES[-1], BODIES[0] + b" "):
        with pytest.raises(NotGenuine):
            find_signer(body, signature)


@pytest.mark.parametrize(
    "signature", ["", ".", "x", "x.y", "0.AAAA", "a.b.c", "\x00", "\ud800.\ud800", "é" * 50, "a" * 5000]
)
def test_no_text_in_its_place_stops_the_door(signature: str) -> None:
    (known,) = sign_events("decision", [b"told"])
    for text in (signature, known.partition(".")[0] + "." + signature):
        with pytest.raises(NotGenuine):
            find_signer(b"told", text)
