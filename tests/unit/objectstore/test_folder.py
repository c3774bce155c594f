from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import clock
from shared.errors import Forbidden
from shared.objectstore.folder import FolderStore
from shared.objectstore.port import StoreUnavailable
from tests.clock import stopped_at

BASE = "http://lsp.contoh.test/objects"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects", BASE)


def test_a_signed_link_opens_its_object(store: FolderStore) -> None:
    store.put("a/b.pdf", b"isi", "application/pdf")
    assert store.opened(store.link("a/b.pdf")) == b"isi"


def test_an_expired_link_opens_nothing(store: FolderStore) -> None:
    store.put("a.pdf", b"isi", "application/pdf")
    with pytest.raises(Forbidden):
        store.opened(store.link("a.pdf", seconds=0))


@pytest.mark.parametrize(
    ("old", "new"), [("a.pdf", "b.pdf"), ("expires=", "expires=9"), ("signature=", "signature=0"), ("expires=", "x=")]
)
def test_an_altered_link_opens_nothing(store: FolderStore, old: str, new: str) -> None:
    store.put("a.pdf", b"isi", "application/pdf")
    store.put("b.pdf", b"lain", "application/pdf")
    with pytest.raises(Forbidden):
        store.opened(store.link("a.pdf").replace(old, new, 1))


def test_a_link_of_another_store_opens_nothing(store: FolderStore, tmp_path: Path) -> None:
    other = FolderStore(tmp_path / "other", BASE)
    for one in (store, other):
        one.put("a.pdf", b"isi", "application/pdf")
    with pytest.raises(Forbidden):
        store.opened(other.link("a.pdf"))


def test_the_key_of_the_links_is_no_object(store: FolderStore) -> None:
    store.put("a.pdf", b"isi", "application/pdf")
    store.link("a.pdf")
    assert list(store.keys()) == ["a.pdf"]


def test_no_half_written_file_stays(store: FolderStore) -> None:
    store.put("a.pdf", b"isi", "application/pdf")
    store.put("a.pdf", b"isi", "application/pdf")
    assert [path.name for path in store.root.rglob("*")] == ["a.pdf"]


def test_a_folder_that_cannot_be_written_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable):
        FolderStore(tmp_path / "objects").put("a.pdf", b"isi", "application/pdf")


def test_a_link_lives_by_the_real_clock(store: FolderStore) -> None:
    store.put("a.pdf", b"isi", "application/pdf")
    at = clock.real_now().replace(microsecond=0)
    with stopped_at(at):
        link = store.link("a.pdf", seconds=30)
    assert int(link.split("expires=")[1].split("&")[0]) == at.timestamp() + 30


def test_what_a_killed_writer_left_half_written_goes_and_nothing_else(store: FolderStore) -> None:
    """This failure mode means a scan of an identity card, half written and never to be found again."""
    store.put("documents/aa/1", b"isi", "application/octet-stream")
    store.link("documents/aa/1")
    draft = store.root / "documents" / "aa" / ".2.0123456789abcdef"
    draft.write_bytes(b"is")
    written = datetime.fromtimestamp(draft.stat().st_mtime, UTC)  # a file system keeps the kernel's time
    assert store.tidy(written - timedelta(days=1)) == 0
    assert store.tidy(written + timedelta(seconds=5)) == 1
    assert not draft.exists()
    assert store.opened(store.link("documents/aa/1")) == b"isi"
