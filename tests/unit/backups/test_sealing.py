"""Sealing with the real age: whole files, and failures that are told."""

import io
import sys
import tarfile
from pathlib import Path

import pytest

from kompeten.backups.making import CannotBackUp, seal_secrets
from kompeten.backups.sealing import ProgramFailed, check_identity, give_opened, open_sealed, seal_into, seal_output
from shared.settings import Settings
from tests.age_keys import make_age_keys

MUCH = bytes(range(256)) * 20_000


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_age_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def sealed(keys: Path, tmp_path: Path) -> Path:
    file = tmp_path / "berkas.age"
    with seal_into(file, keys / "recipients") as pipe:
        pipe.write(MUCH)
    return file


def test_what_was_sealed_is_opened_with_the_key_and_with_no_other(sealed: Path, keys: Path) -> None:
    with open_sealed(sealed, keys / "identity") as opened:
        assert opened.read() == MUCH
    assert MUCH[:100] not in sealed.read_bytes()
    check_identity(sealed, keys / "identity")
    with pytest.raises(ProgramFailed, match="no identity matched"):
        check_identity(sealed, keys / "another")


def test_reading_a_part_of_it_is_no_failure(sealed: Path, keys: Path) -> None:
    with open_sealed(sealed, keys / "identity") as opened:
        assert opened.read(10) == MUCH[:10]


def test_a_file_that_was_cut_off_or_altered_is_a_failure(sealed: Path, keys: Path) -> None:
    whole = sealed.read_bytes()
    for altered in (whole[:-70_000], whole[:-1] + bytes([whole[-1] ^ 1])):
        sealed.write_bytes(altered)
        with pytest.raises(ProgramFailed, match="age"), open_sealed(sealed, keys / "identity") as opened:
            opened.read()


def test_a_program_that_fails_in_the_middle_is_a_failure(keys: Path, tmp_path: Path) -> None:
    """This failure mode means a dump that breaks off, sealed as if it were whole."""
    words = "import sys; sys.stdout.write('x' * 1000); sys.stdout.flush(); sys.exit('putus contoh')"
    with pytest.raises(ProgramFailed, match="putus contoh"):
        seal_output([sys.executable, "-c", words], {}, tmp_path / "berkas.age", keys / "recipients")


def test_a_seal_that_fails_in_the_middle_is_a_failure(keys: Path) -> None:
    """This failure mode means a disk that ran full, and a backup that says it is good."""
    with pytest.raises(ProgramFailed, match="no space left"), seal_into(Path("/dev/full"), keys / "recipients") as pipe:
        pipe.write(MUCH)


def test_of_two_programs_that_fail_the_first_is_told(keys: Path, sealed: Path) -> None:
    """This failure mode means a disk that ran full, and a log that says of a dump that it ended with -13."""
    dump = [sys.executable, "-c", "import sys; sys.stdout.write('x' * 9_000_000)"]
    with pytest.raises(ProgramFailed, match="no space left"):
        seal_output(dump, {}, Path("/dev/full"), keys / "recipients")
    sealed.write_bytes(sealed.read_bytes()[:-70_000])
    load = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(); sys.exit('terpotong')"]
    with pytest.raises(ProgramFailed, match="age ended"):
        give_opened(sealed, keys / "identity", load, {})


def test_a_program_that_does_not_take_it_is_a_failure(sealed: Path, keys: Path) -> None:
    with pytest.raises(ProgramFailed, match="tidak mau"):
        give_opened(sealed, keys / "identity", [sys.executable, "-c", "import sys; sys.exit('tidak mau')"], {})


def test_an_error_of_ours_is_told_as_it_is(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), seal_into(tmp_path / "berkas.age", keys / "recipients"):
        raise ZeroDivisionError


def test_the_secrets_are_sealed_and_the_newest_kept(keys: Path, tmp_path: Path) -> None:
    config = Settings(backup_dir=tmp_path / "backups", backup_recipients_file=keys / "recipients")
    config.backup_dir.mkdir()
    old = [config.backup_dir / f"secrets-2026010{day}T000000Z.tar.age" for day in range(1, 10)]
    old += [config.backup_dir / "secrets-20260110T000000Z.tar.age"]
    for file in old:
        file.write_bytes(b"")
    archive = pack_archive(MUCH)
    made = seal_secrets(config, io.BytesIO(archive))
    with open_sealed(made, keys / "identity") as opened:
        assert opened.read() == archive
    assert sorted(config.backup_dir.iterdir()) == [*old[1:], made]


def test_without_a_public_key_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "recipients").write_text("# belum ada\n\n")
    config = Settings(backup_dir=tmp_path / "backups", backup_recipients_file=tmp_path / "recipients")
    with pytest.raises(CannotBackUp):
        seal_secrets(config, io.BytesIO(b""))
    assert not config.backup_dir.exists()


@pytest.mark.parametrize("length", [0, 1000, len(MUCH) // 2])
def test_an_archive_of_secrets_that_is_cut_off_replaces_no_good_one(keys: Path, tmp_path: Path, length: int) -> None:
    """This failure mode means a machine that is lost, and a newest archive of its secrets that holds half of them."""
    config = Settings(backup_dir=tmp_path, backup_recipients_file=keys / "recipients")
    with pytest.raises(CannotBackUp, match="empty or cut off"):
        seal_secrets(config, io.BytesIO(pack_archive(MUCH)[:length]))
    assert list(tmp_path.iterdir()) == []


def pack_archive(content: bytes) -> bytes:
    """A tar archive with one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("deploy/secrets/contoh")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
