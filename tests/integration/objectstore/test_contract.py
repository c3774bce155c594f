"""What every store promises, on each store."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Conflict, Invalid, NotFound
from shared.objectstore.port import ObjectStore

KEY = "certificates/2026/a1b2.pdf"
PDF = "application/pdf"


def test_what_was_put_is_got(store: ObjectStore) -> None:
    data = bytes(range(256)) * 1000
    store.put(KEY, data, PDF)
    assert store.get(KEY) == data


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    store.put(KEY, b"", PDF)
    assert store.get(KEY) == b""
    assert store.exists(KEY)


def test_the_same_bytes_may_be_put_again(store: ObjectStore) -> None:
    store.put(KEY, b"isi", PDF)
    store.put(KEY, b"isi", PDF)
    assert store.get(KEY) == b"isi"


def test_other_bytes_never_replace_what_is_there(store: ObjectStore) -> None:
    store.put(KEY, b"asli", PDF)
    with pytest.raises(Conflict):
        store.put(KEY, b"palsu", PDF)
    assert store.get(KEY) == b"asli"


def test_of_twenty_racing_writers_one_wins_and_the_others_are_told(store: ObjectStore) -> None:
    def write(number: int) -> bytes | None:
        content = hashlib.sha256(str(number).encode()).digest() * 500
        try:
            store.put(KEY, content, PDF)
        except Conflict:
            return None
        return content

    with ThreadPoolExecutor(20) as writers:
        written = [content for content in writers.map(write, range(20)) if content is not None]
    assert written == [store.get(KEY)]


def test_what_was_never_put_is_not_found(store: ObjectStore) -> None:
    assert not store.exists(KEY)
    with pytest.raises(NotFound):
        store.get(KEY)
    with pytest.raises(NotFound):
        store.link(KEY)


def test_keys_are_listed_in_order_by_prefix(store: ObjectStore) -> None:
    for key in ("b/2.pdf", "a/1.pdf", "b/1.pdf"):
        store.put(key, key.encode(), PDF)
    assert list(store.keys()) == ["a/1.pdf", "b/1.pdf", "b/2.pdf"]
    assert list(store.keys("b/")) == ["b/1.pdf", "b/2.pdf"]


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "../a", "a/../b", ".hidden", "a/.hidden", "A.pdf", "a b", "é", "a\nb", "a" * 201]
)
def test_a_key_that_is_none_is_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(Invalid):
        store.put(key, b"isi", PDF)
    with pytest.raises(Invalid):
        store.get(key)
