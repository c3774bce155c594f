from collections.abc import Iterator
from pathlib import Path

import pytest

from services.registration import document_store
from shared.errors import NotFound
from shared.kept_files import FileLost, keeping
from shared.objectstore import object_store


@pytest.fixture(autouse=True)
def _store_of_its_own(data_dir: Path) -> Iterator[None]:
    object_store.cache_clear()
    yield
    object_store.cache_clear()


def test_what_is_kept_comes_back_as_it_was() -> None:
    assert document_store.fetch_document(document_store.store_document(b"ijazah")) == b"ijazah"


def test_the_same_bytes_twice_are_two_objects_that_look_nothing_alike() -> None:
    one, other = document_store.store_document(b"ijazah"), document_store.store_document(b"ijazah")
    assert one != other
    assert object_store().get(one) != object_store().get(other)
    assert b"ijazah" not in object_store().get(one)


def test_bytes_moved_to_another_name_do_not_open() -> None:
    stolen = object_store().get(document_store.store_document(b"ijazah"))
    object_store().put("documents/aa/lain", stolen, keeping.CONTENT_TYPE)
    with pytest.raises(FileLost):
        document_store.fetch_document("documents/aa/lain")


def test_what_was_never_kept_is_not_found() -> None:
    with pytest.raises(NotFound):
        document_store.fetch_document("documents/aa/tidak-ada")
