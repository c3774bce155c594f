from pathlib import Path

import pytest

from shared.objectstore.choice import choose_store
from shared.objectstore.folder import FolderStore
from shared.objectstore.patient import PatientStore
from shared.objectstore.s3 import S3Store
from shared.settings import Settings


def test_without_an_address_documents_lie_in_the_data_folder(tmp_path: Path) -> None:
    store = choose_store(Settings(data_dir=tmp_path))
    assert isinstance(store, FolderStore)
    assert store.root == tmp_path / "objects"


def test_a_file_address_names_the_folder(tmp_path: Path) -> None:
    store = choose_store(Settings(object_store_url=f"file://{tmp_path}/berkas%20lsp"))
    assert isinstance(store, FolderStore)
    assert store.root == tmp_path / "berkas lsp"


@pytest.mark.parametrize("scheme", ["s3+http", "s3+https"])
def test_an_s3_address_names_server_and_bucket(scheme: str, tmp_path: Path) -> None:
    for name in ("access", "secret"):
        (tmp_path / name).write_text("contoh-kunci\n")
    store = choose_store(
        Settings(
            object_store_url=f"{scheme}://minio:9000/kompeten",
            object_store_access_key_file=tmp_path / "access",
            object_store_secret_key_file=tmp_path / "secret",
        )
    )
    assert isinstance(store, PatientStore)
    assert isinstance(store.store, S3Store)
    assert store.store.bucket == "kompeten"


@pytest.mark.parametrize("url", ["ftp://host/x", "s3+http://host", "file://", "folder", "s3://host/bucket"])
def test_any_other_address_is_refused_with_those_that_work(url: str) -> None:
    with pytest.raises(ValueError, match="KOMPETEN_OBJECT_STORE_URL"):
        choose_store(Settings(object_store_url=url))
