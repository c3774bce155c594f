import gzip
import json
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.credentials import Claims, LocalKey, statuslist
from shared.credentials.did import Issuer
from shared.credentials.multibase import encode_base64url
from shared.credentials.quads import canonical_quads
from shared.credentials.standing import find_standing, read_listed_bits
from shared.credentials.statuslist import ENTRIES, Purpose
from shared.credentials.verification import Standing, StatusUnknown
from tests.unit.credentials import oracle

BASE = "https://lsp.contoh.test/certificate"


def test_every_version_has_a_place_of_its_own() -> None:
    assert len({statuslist.place_of_version(index) for index in range(ENTRIES)}) == ENTRIES
    assert {number for number, _ in map(statuslist.place_of_version, range(ENTRIES))} == {0}
    assert statuslist.place_of_version(ENTRIES)[0] == 1


def test_neighbours_in_the_register_are_far_apart_in_the_list() -> None:
    bits = [statuslist.place_of_version(index)[1] for index in range(1000)]
    assert all(abs(one - next_) > 1000 for one, next_ in pairwise(bits))
    assert sorted(bits) != bits


@given(st.integers(0, 10 * ENTRIES))
def test_the_version_is_found_again_from_its_place(index: int) -> None:
    assert statuslist.version_at_place(*statuslist.place_of_version(index)) == index


@given(st.sets(st.integers(0, ENTRIES - 1), max_size=50))
@settings(max_examples=30, deadline=None)
def test_a_list_says_what_was_set(places: set[int]) -> None:
    bits = statuslist.decode_bits(statuslist.encode_bits(places))
    assert {bit for bit in range(ENTRIES) if statuslist.is_bit_set(bits, bit)} == places


def test_the_same_places_give_the_same_text() -> None:
    assert statuslist.encode_bits([5, 3]) == statuslist.encode_bits([3, 5])


@pytest.mark.parametrize(
    "text",
    [
        "z",
        "u",
        "uAAAA",
        encode_base64url(gzip.compress(bytes(100), mtime=0)),
        encode_base64url(gzip.compress(bytes(ENTRIES // 8 + 1), mtime=0)),
        encode_base64url(gzip.compress(bytes(50_000_000), mtime=0)),
        encode_base64url(gzip.compress(bytes(ENTRIES // 8), mtime=0)[:-9]),
    ],
)
def test_a_list_of_another_length_is_refused_unpacked_no_further(text: str) -> None:
    with pytest.raises(ValueError, match=r"list|base64url"):
        statuslist.decode_bits(text)


def issued(
    key: LocalKey, at: datetime, places: tuple[int, ...] = (), purpose: Purpose = Purpose.REVOCATION, base: str = BASE
) -> bytes:
    return statuslist.issue_status_list(base, 0, purpose, places, key, at, at + timedelta(hours=1)).encode()


def test_it_canonicalises_as_the_general_algorithm_does(key: LocalKey, at: datetime) -> None:
    content = json.loads(issued(key, at, (1, 2, 3)))
    del content["proof"]
    assert canonical_quads(statuslist.status_list_statements(content)) == oracle.canonical(content)


@pytest.mark.parametrize(
    ("revoked", "suspended", "told"),
    [
        (False, False, Standing.GOOD),
        (False, True, Standing.SUSPENDED),
        (True, False, Standing.REVOKED),
        (True, True, Standing.REVOKED),
    ],
)
def test_the_standing_is_read_from_both_lists(
    claims: Claims, key: LocalKey, issuer: Issuer, at: datetime, revoked: bool, suspended: bool, told: Standing
) -> None:
    bit = (statuslist.place_of_version(claims.status_index)[1],)
    lists = {
        f"{BASE}/status/0/revocation": issued(key, at, bit if revoked else ()),
        f"{BASE}/status/0/suspension": issued(key, at, bit if suspended else (), Purpose.SUSPENSION),
    }
    assert find_standing(BASE, claims.status_index, lists.__getitem__, issuer, lambda: at) is told


def test_a_list_that_is_not_the_issuers_says_nothing(key: LocalKey, issuer: Issuer, at: datetime) -> None:
    where = f"{BASE}/status/0/revocation"
    stranger = Issuer(issuer.id, {}, frozenset())
    with pytest.raises(StatusUnknown, match="not signed by the issuer"):
        read_listed_bits(issued(key, at), where, Purpose.REVOCATION, stranger, at)
    with pytest.raises(StatusUnknown, match="another one"):
        read_listed_bits(issued(key, at), f"{BASE}/status/1/revocation", Purpose.REVOCATION, issuer, at)
    with pytest.raises(StatusUnknown, match="another one"):
        read_listed_bits(issued(key, at, (), Purpose.SUSPENSION), where, Purpose.REVOCATION, issuer, at)


def test_an_old_list_is_not_believed(key: LocalKey, issuer: Issuer, at: datetime) -> None:
    """A replayed list from before the withdrawal would make a withdrawn certificate good again."""
    with pytest.raises(StatusUnknown, match="out of date"):
        read_listed_bits(
            issued(key, at),
            f"{BASE}/status/0/revocation",
            Purpose.REVOCATION,
            issuer,
            at + timedelta(hours=1, seconds=1),
        )


def test_an_altered_list_is_not_believed(key: LocalKey, issuer: Issuer, at: datetime) -> None:
    content = json.loads(issued(key, at, (17,)))
    content["credentialSubject"]["encodedList"] = statuslist.encode_bits([])
    with pytest.raises(StatusUnknown, match="not signed"):
        read_listed_bits(json.dumps(content).encode(), f"{BASE}/status/0/revocation", Purpose.REVOCATION, issuer, at)


def test_a_list_of_another_form_is_not_believed(issuer: Issuer, at: datetime) -> None:
    for text in (b"", b"[]", b"{}", b'{"id": 1}', b"[" * 100_000):
        with pytest.raises(StatusUnknown, match="form"):
            read_listed_bits(text, f"{BASE}/status/0/revocation", Purpose.REVOCATION, issuer, at)
