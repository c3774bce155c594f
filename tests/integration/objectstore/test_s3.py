"""What is particular to S3: real signatures, and a server that is away."""

import pytest
import urllib3

from shared.objectstore.port import StoreUnavailable
from shared.objectstore.s3 import S3Store
from tests.integration.objectstore.conftest import s3_store
from tests.servers.fresh import Bucket


def test_a_wrong_secret_is_no_way_in(s3: Bucket) -> None:
    stranger = s3_store(s3, secret_key="bukan-rahasia-yang-benar")
    with pytest.raises(StoreUnavailable):
        stranger.put("a.pdf", b"isi", "application/pdf")
    with pytest.raises(StoreUnavailable):
        stranger.get("a.pdf")
    assert not s3_store(s3).exists("a.pdf")


def test_a_link_opens_without_keys_and_an_altered_one_does_not(s3: Bucket) -> None:
    store = s3_store(s3)
    store.put("a.pdf", b"isi", "application/pdf")
    link = store.link("a.pdf", seconds=60)
    http = urllib3.PoolManager(timeout=5.0)
    assert http.request("GET", link).data == b"isi"
    assert http.request("GET", link.replace("a.pdf", "b.pdf")).status == 403
    assert http.request("GET", link.split("?")[0]).status == 403


def test_a_link_says_under_which_name_the_file_is_saved(s3: Bucket) -> None:
    store = s3_store(s3)
    store.put("a.pdf", b"isi", "application/pdf")
    answer = urllib3.PoolManager(timeout=5.0).request("GET", store.link("a.pdf", name="sertifikat-1.pdf"))
    assert answer.data == b"isi"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sertifikat-1.pdf"'


def test_without_an_address_for_readers_there_is_no_link(s3: Bucket) -> None:
    store = s3_store(s3, public=False)
    store.put("a.pdf", b"isi", "application/pdf")
    assert store.link("a.pdf") == ""


def test_a_store_that_is_away_is_said_to_be_away() -> None:
    store = S3Store("127.0.0.1:9", "bucket", access_key="a", secret_key="b", region="us-east-1", secure=False)
    with pytest.raises(StoreUnavailable):
        store.put("a.pdf", b"isi", "application/pdf")
    with pytest.raises(StoreUnavailable):
        store.exists("a.pdf")
    with pytest.raises(StoreUnavailable):
        list(store.keys())
    with pytest.raises(StoreUnavailable):
        store.probe()
