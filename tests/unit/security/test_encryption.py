from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, insert, select, text

from shared.security.encryption import (
    MAGIC,
    EncryptedText,
    Kind,
    NotReadable,
    blind_index,
    decrypt_bytes,
    decrypt_text,
    encrypt_bytes,
    encrypt_text,
    is_newest,
    is_newest_index,
    is_newest_text,
    list_blind_indexes,
)
from shared.security.key_files import KeyMissing
from shared.security.keyrings import FOLDER, RINGS, roll_ring
from tests.unit.security.earlier import encrypt_earlier, hash_earlier, share_one_key

IN_ONE_FOLDER = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
NIK = Kind("registration", "nik")
NOTE = Kind("registration", "note")
PICTURE = Kind("photos", "picture", was_clear=True)


def roll(data_dir: Path, ring: str = "registration") -> None:
    roll_ring(data_dir / "keys" / FOLDER, ring)


@IN_ONE_FOLDER
@given(data=st.binary(max_size=300), context=st.text(max_size=20))
def test_what_was_encrypted_comes_back_as_it_was(data_dir: Path, data: bytes, context: str) -> None:
    assert decrypt_bytes(NIK, encrypt_bytes(NIK, data, context), context) == data


def test_the_same_content_is_never_stored_alike(data_dir: Path) -> None:
    assert encrypt_bytes(NIK, b"3175014507900001") != encrypt_bytes(NIK, b"3175014507900001")


@IN_ONE_FOLDER
@given(position=st.integers(0, 55), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(data_dir: Path, position: int, flip: int) -> None:
    blob = bytearray(encrypt_bytes(NIK, b"3175014507900001"))
    blob[position] ^= flip
    with pytest.raises(NotReadable):
        decrypt_bytes(NIK, bytes(blob))


def test_content_moved_to_another_column_does_not_open(data_dir: Path) -> None:
    with pytest.raises(NotReadable):
        decrypt_bytes(NIK, encrypt_bytes(NIK, b"secret", "nik"), "note")


def test_content_of_one_kind_does_not_open_as_another(data_dir: Path) -> None:
    blob = encrypt_bytes(NIK, b"secret")
    with pytest.raises(NotReadable, match="another kind"):
        decrypt_bytes(NOTE, blob)
    disguised = encrypt_bytes(NOTE, b"secret")[: len(MAGIC) + 5] + blob[len(MAGIC) + 5 :]
    with pytest.raises(NotReadable):
        decrypt_bytes(NOTE, disguised)


@pytest.mark.parametrize("one", RINGS)
@pytest.mark.parametrize("other", RINGS)
def test_services_cannot_open_one_anothers_ciphertexts(data_dir: Path, one: str, other: str) -> None:
    """This failure mode means that who breaks into one service reads what another keeps."""
    blob, same = encrypt_bytes(Kind(one, "nik"), b"3175014507900001"), one == other
    if same:
        assert decrypt_bytes(Kind(other, "nik"), blob) == b"3175014507900001"
        return
    with pytest.raises(NotReadable):
        decrypt_bytes(Kind(other, "nik"), blob)
    assert blind_index(Kind(one, "nik"), "1") != blind_index(Kind(other, "nik"), "1")


def test_a_ring_that_a_service_has_not_got_is_named(data_dir: Path) -> None:
    blob = encrypt_bytes(NIK, b"secret")
    (data_dir / "keys" / FOLDER / "registration" / "encryption.key").unlink()
    with pytest.raises(KeyMissing, match=r"registration/encryption\.key"):
        decrypt_bytes(NIK, blob)


@pytest.mark.parametrize("rubbish", [b"", b"abc", b"x" * 40, MAGIC, MAGIC + b"\x03nik"])
def test_rubbish_does_not_open(data_dir: Path, rubbish: bytes) -> None:
    with pytest.raises(NotReadable):
        decrypt_bytes(NIK, rubbish)


def test_after_a_roll_the_old_is_readable_and_the_new_uses_the_new_key(data_dir: Path) -> None:
    old, words = encrypt_bytes(NIK, b"old"), encrypt_text(NIK, "old")
    assert is_newest(NIK, old)
    assert is_newest_text(NIK, words)
    roll(data_dir)
    assert decrypt_bytes(NIK, old) == b"old"
    assert decrypt_text(NIK, words) == "old"
    assert not is_newest(NIK, old)
    assert not is_newest_text(NIK, words)
    assert is_newest(NIK, encrypt_bytes(NIK, b"old"))


def test_after_a_roll_everybody_is_found_by_what_was_stored_before(data_dir: Path) -> None:
    before = blind_index(NIK, "3175014507900001")
    roll(data_dir)
    now = blind_index(NIK, "3175014507900001")
    assert list_blind_indexes(NIK, "3175014507900001") == (now, before)
    assert is_newest_index(NIK, now)
    assert not is_newest_index(NIK, before)
    assert now != before


def test_the_blind_index_tells_values_kinds_and_contexts_apart(data_dir: Path) -> None:
    indexes = {blind_index(NIK, "1"), blind_index(NIK, "2"), blind_index(NIK, "1", "nik"), blind_index(NOTE, "1")}
    assert len(indexes) == 4
    assert {len(index) for index in indexes} == {64}


def test_what_was_encrypted_with_the_key_of_all_services_stays_readable(data_dir: Path) -> None:
    shared = share_one_key(data_dir / "keys")
    assert decrypt_bytes(NIK, encrypt_earlier(shared, b"lama", "nik"), "nik") == b"lama"
    assert decrypt_bytes(Kind("surveillance", "x"), encrypt_earlier(shared, b"lama", "a/b"), "a/b") == b"lama"
    assert list_blind_indexes(NIK, "317", "nik")[-1] == hash_earlier(shared, "317", "nik")
    assert not is_newest(NIK, encrypt_earlier(shared, b"lama", "nik"))
    with pytest.raises(NotReadable):
        decrypt_bytes(NIK, encrypt_earlier(shared, b"lama", "nik"), "note")


def test_a_key_of_its_own_opens_nothing_of_before(data_dir: Path) -> None:
    """The shared key is known by its mark alone: what a service writes today has its kind in front."""
    own = (data_dir / "keys" / FOLDER / "registration" / "encryption.key").read_text().strip()
    with pytest.raises(NotReadable):
        decrypt_bytes(NIK, encrypt_earlier(own, b"lama", "nik"), "nik")


def test_files_that_were_stored_as_they_are_are_read_so(data_dir: Path) -> None:
    assert decrypt_bytes(PICTURE, b"\xff\xd8\xff picture") == b"\xff\xd8\xff picture"
    with pytest.raises(NotReadable):
        decrypt_bytes(PICTURE, encrypt_bytes(PICTURE, b"x")[:-1])


def test_the_database_sees_an_encrypted_column_only_encrypted(data_dir: Path) -> None:
    nik: Column[str] = Column("nik", EncryptedText(NIK, "nik"))
    people = Table("people", MetaData(), Column("id", Integer, primary_key=True), nik)
    engine = create_engine("sqlite://")
    people.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(people), [{"id": 1, "nik": "3175014507900001"}, {"id": 2, "nik": None}])
        raw = connection.execute(text("select nik from people order by id")).scalars().all()
        seen = connection.execute(select(people.c.nik).order_by(people.c.id)).scalars().all()
    engine.dispose()
    assert seen == ["3175014507900001", None]
    assert raw[1] is None
    assert "3175" not in raw[0]


def test_a_column_that_holds_no_encrypted_content_is_not_read_as_if_it_did(data_dir: Path) -> None:
    plain = Table("people", MetaData(), Column("nik", Text))
    people = Table("people", MetaData(), Column("nik", EncryptedText(NIK)))
    engine = create_engine("sqlite://")
    plain.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(plain), [{"nik": "3175014507900001"}])
        with pytest.raises(NotReadable):
            connection.execute(select(people.c.nik)).all()
    engine.dispose()
