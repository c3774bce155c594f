"""What every store promises, on each store."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Conflict, Invalid, NotFound
from shared.objectstore.port import Entry, Fetched, ObjectStore

KEY = "certificates/2026/a1b2.pdf"
PDF = "application/pdf"


def test_what_was_put_is_got(store: ObjectStore) -> None:
    data = bytes(range(256)) * 1000
    store.put(KEY, data, PDF)
    assert store.get(KEY) == data


def test_a_copy_has_the_bytes_and_their_type(store: ObjectStore) -> None:
    store.put(KEY, b"isi", PDF)
    assert store.fetch(KEY) == Fetched(b"isi", PDF)
    with pytest.raises(NotFound):
        store.fetch("certificates/2026/lain.pdf")


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


@pytest.mark.parametrize("store", ["folder", "plain"], indirect=True)
def test_of_twenty_racing_writers_one_wins_and_the_others_are_told(store: ObjectStore) -> None:
    """In a bucket that keeps versions Ceph lets all of them in, one after the other; MinIO and AWS do not."""

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


def test_a_list_comes_a_page_at_a_time_with_sizes_in_the_order_of_bytes(store: ObjectStore) -> None:
    names = ["c/1-1.pdf", "c/1.pdf", "c/10.pdf", "c/1_0.pdf", "c/a.pdf", "d/1.pdf"]
    for size, name in enumerate(names):
        store.put(name, b"x" * size, PDF)
    assert store.page("c/") == [Entry(name, size) for size, name in enumerate(names[:5])]
    assert [entry.key for entry in store.page("c/", after="c/1.pdf", limit=2)] == names[2:4]
    assert store.page("c/", after="c/a.pdf") == []
    assert list(store.keys()) == sorted(names)


def test_more_than_a_page_is_listed_whole(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda number: store.put(f"n/{number:04}", b"", PDF), range(1005)))
    assert list(store.keys("n/")) == [f"n/{number:04}" for number in range(1005)]


def test_the_size_is_told_without_the_bytes(store: ObjectStore) -> None:
    store.put(KEY, b"isi", PDF)
    assert store.size(KEY) == 3
    with pytest.raises(NotFound):
        store.size("certificates/2026/lain.pdf")


def test_a_store_that_takes_things_says_so_again_and_again(store: ObjectStore) -> None:
    for _ in range(3):
        store.probe()


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "../a", "a/../b", ".hidden", "a/.hidden", "A.pdf", "a b", "é", "a\nb", "a" * 201]
)
def test_a_key_that_is_none_is_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(Invalid):
        store.put(key, b"isi", PDF)
    with pytest.raises(Invalid):
        store.get(key)


@pytest.mark.parametrize("content", [b"", b"kpt2", b"kpt2" * 100])
def test_the_start_is_read_without_the_rest(store: ObjectStore, content: bytes) -> None:
    store.put("documents/aa/1", content, "application/octet-stream")
    assert store.start("documents/aa/1", 64) == content[:64]
    with pytest.raises(NotFound):
        store.start("documents/aa/2", 64)


def test_what_is_encrypted_anew_takes_the_place_of_what_was_there(store: ObjectStore) -> None:
    store.put("documents/aa/1", b"lama", "application/octet-stream")
    store.replace("documents/aa/1", b"baru", "application/octet-stream")
    assert store.get("documents/aa/1") == b"baru"
    assert list(store.keys("documents/")) == ["documents/aa/1"]


def test_what_was_issued_is_not_written_over(store: ObjectStore) -> None:
    store.put("certificates/2026/a.pdf", b"asli", "application/pdf")
    with pytest.raises(Invalid):
        store.replace("certificates/2026/a.pdf", b"palsu", "application/pdf")
    assert store.get("certificates/2026/a.pdf") == b"asli"
