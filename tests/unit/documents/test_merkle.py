import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import merkle

D = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The leaves of the test vectors of Certificate Transparency's own implementation."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


@pytest.mark.parametrize(
    ("count", "root"),
    [
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_root_is_that_of_certificate_transparency(count: int, root: str) -> None:
    assert merkle.merkle_root([leaf(data) for data in D[:count]]).hex() == root


@given(st.integers(1, 200), st.data())
def test_every_place_leads_to_the_root_and_to_no_other(count: int, data: st.DataObject) -> None:
    leaves = [leaf(bytes([number])) for number in range(count)]
    place = data.draw(st.integers(0, count - 1))
    root, steps = merkle.merkle_root(leaves), merkle.merkle_path(leaves, place)
    assert merkle.root_from_path(leaves[place], place, count, steps) == root
    assert len(steps) <= 8
    other = data.draw(st.integers(0, count - 1).filter(lambda number: number != place) if count > 1 else st.none())
    if other is not None:
        assert _root_or_none(leaves[place], other, count, steps) != root
        assert _root_or_none(leaves[other], place, count, steps) != root


@pytest.mark.parametrize(("place", "count", "steps"), [(5, 5, 3), (-1, 5, 3), (0, 4, 1), (0, 4, 3), (0, 1, 1)])
def test_a_path_of_the_wrong_length_is_none(place: int, count: int, steps: int) -> None:
    with pytest.raises(ValueError, match=r"outside|too long|too short"):
        merkle.root_from_path(leaf(b""), place, count, [leaf(b"x")] * steps)


def test_a_leaf_speaks_for_number_version_and_file() -> None:
    same = merkle.hash_leaf("91011 2622 4 000001 2026", 1, "ab" * 32)
    assert same == merkle.hash_leaf("91011 2622 4 000001 2026", 1, "AB" * 32)
    others = {
        merkle.hash_leaf("91011 2622 4 000001 2026", 2, "ab" * 32),
        merkle.hash_leaf("91011 2622 4 000002 2026", 1, "ab" * 32),
        merkle.hash_leaf("91011 2622 4 000001 2026", 1, "cd" * 32),
    }
    assert len(others | {same}) == 4


def _root_or_none(start: bytes, place: int, count: int, steps: list[bytes]) -> bytes | None:
    try:
        return merkle.root_from_path(start, place, count, steps)
    except ValueError:
        return None
