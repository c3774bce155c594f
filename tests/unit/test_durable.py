"""Files written whole or not at all: keys, documents, mails, what was told."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.durable import create_file, is_draft, replace_file


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key"
    assert create_file(file, b"one")
    assert not create_file(file, b"two")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"one", 0o600)
    assert names_in(file.parent) == {"key"}


def test_of_many_who_write_it_at_once_one_does_and_whole(tmp_path: Path) -> None:
    contents = [bytes([number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda content: create_file(tmp_path / "key", content), contents))
    assert sum(made) == 1
    assert (tmp_path / "key").read_bytes() == contents[made.index(True)]
    assert names_in(tmp_path) == {"key"}


def test_a_file_is_replaced_with_the_rights_that_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "key"
    replace_file(file, b"one")
    replace_file(file, b"two", 0o444)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"two", 0o444)
    replace_file(file, b"three")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"three", 0o600)


def test_a_name_may_be_as_long_as_the_file_system_takes(tmp_path: Path) -> None:
    assert create_file(tmp_path / ("n" * 255), b"one")


@pytest.mark.parametrize("write", [create_file, replace_file])
def test_what_could_not_be_written_leaves_nothing(
    tmp_path: Path, write: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means half a key, or half a scan of an identity card, that nobody finds again."""
    seen: list[str] = []

    def full(descriptor: int) -> None:
        seen.extend(names_in(tmp_path))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "key", b"one")  # type: ignore[operator]
    assert [is_draft(name) for name in seen] == [True]
    assert names_in(tmp_path) == set()


@pytest.mark.parametrize("name", [".key.pem", "..0123456789abcdef", "a.b.0123456789abcdef", ".a.0123456789ABCDEF", ""])
def test_a_file_of_another_name_is_no_draft(name: str) -> None:
    assert not is_draft(name)
