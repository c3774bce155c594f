from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, insert, select, text

from shared.security.encryption import EncryptedText, NotReadable, blind_index, decrypt_bytes, encrypt_bytes
from shared.security.keys import ENCRYPTION, _encryption, new_encryption_line

IN_ONE_FOLDER = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


def roll(data_dir: Path) -> None:
    """Put a new key on top of the file, as a restart would read it."""
    file = data_dir / "keys" / ENCRYPTION
    file.write_text(new_encryption_line() + file.read_text())
    _encryption.cache_clear()


@IN_ONE_FOLDER
@given(data=st.binary(max_size=300), context=st.text(max_size=20))
def test_what_was_encrypted_comes_back_as_it_was(data_dir: Path, data: bytes, context: str) -> None:
    assert decrypt_bytes(encrypt_bytes(data, context), context) == data


def test_the_same_content_is_never_stored_alike(data_dir: Path) -> None:
    assert encrypt_bytes(b"3175014507900001") != encrypt_bytes(b"3175014507900001")


@IN_ONE_FOLDER
@given(position=st.integers(0, 47), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(data_dir: Path, position: int, flip: int) -> None:
    blob = bytearray(encrypt_bytes(b"3175014507900001"))
    blob[position] ^= flip
    with pytest.raises(NotReadable):
        decrypt_bytes(bytes(blob))


def test_content_moved_to_another_column_does_not_open(data_dir: Path) -> None:
    with pytest.raises(NotReadable):
        decrypt_bytes(encrypt_bytes(b"secret", "nik"), "note")


@pytest.mark.parametrize("rubbish", [b"", b"abc", b"x" * 40])
def test_rubbish_does_not_open(data_dir: Path, rubbish: bytes) -> None:
    with pytest.raises(NotReadable):
        decrypt_bytes(rubbish)


def test_after_a_roll_the_old_is_readable_and_the_new_uses_the_new_key(data_dir: Path) -> None:
    old = encrypt_bytes(b"old")
    roll(data_dir)
    assert decrypt_bytes(old) == b"old"
    assert encrypt_bytes(b"old")[:4] != old[:4]


def test_after_a_roll_nobody_is_registered_twice(data_dir: Path) -> None:
    before = blind_index("3175014507900001")
    roll(data_dir)
    assert blind_index("3175014507900001") == before


def test_the_blind_index_tells_values_and_contexts_apart(data_dir: Path) -> None:
    assert len({blind_index("1"), blind_index("2"), blind_index("1", "nik")}) == 3


def test_the_database_sees_an_encrypted_column_only_encrypted(data_dir: Path) -> None:
    people = Table("people", MetaData(), Column("id", Integer, primary_key=True), Column("nik", EncryptedText("nik")))
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
    people = Table("people", MetaData(), Column("nik", EncryptedText()))
    engine = create_engine("sqlite://")
    plain.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(plain), [{"nik": "3175014507900001"}])
        with pytest.raises(NotReadable):
            connection.execute(select(people.c.nik)).all()
    engine.dispose()
