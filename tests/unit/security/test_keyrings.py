import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from shared.security.key_files import KeyMissing
from shared.security.keyrings import (
    FILE,
    FOLDER,
    RINGS,
    SHARED_BEFORE,
    RolledMeanwhile,
    create_rings,
    find_ring_keys,
    retire_ring,
    roll_ring,
)
from shared.settings import settings


def ring_file(folder: Path, name: str = "registration") -> Path:
    return folder / FOLDER / name / FILE


def test_every_ring_has_a_file_of_its_own_that_its_owner_alone_reads(tmp_path: Path) -> None:
    made = create_rings(tmp_path)
    assert made == [ring_file(tmp_path, name) for name in RINGS]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in made)
    assert len({file.read_bytes() for file in made}) == len(RINGS)
    assert create_rings(tmp_path) == []


def test_the_key_that_services_shared_is_taken_over_behind_their_own(tmp_path: Path) -> None:
    lines = [base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)]
    (tmp_path / FILE).write_text("\n".join(lines) + "\n")
    create_rings(tmp_path)
    for name in RINGS:
        own, *taken = ring_file(tmp_path, name).read_text().splitlines()
        assert own not in lines
        assert taken == ([f"{line} shared" for line in lines] if name in SHARED_BEFORE else [])


def test_a_new_key_counts_at_once_and_the_earlier_ones_stay_until_they_are_retired(data_dir: Path) -> None:
    """This failure mode means that a replica cannot read what another one wrote while keys are rolled."""
    folder, (first,) = data_dir / "keys" / FOLDER, find_ring_keys("registration")
    roll_ring(folder, "registration")
    second, earlier = find_ring_keys("registration")
    assert earlier == first
    assert second != first
    retire_ring(folder, "registration")
    assert find_ring_keys("registration") == (second,)
    assert find_ring_keys("assessment") not in {(first,), (second,)}


def test_a_file_keeps_its_readers_when_it_is_rolled(data_dir: Path) -> None:
    file = ring_file(data_dir / "keys")
    file.chmod(0o444)
    roll_ring(data_dir / "keys" / FOLDER, "registration")
    assert stat.S_IMODE(file.stat().st_mode) == 0o444


@pytest.mark.parametrize("content", ["", "\n", "c2hvcnQ=\n", "no base64!\n", base64.b64encode(bytes(33)).decode()])
def test_encryption_keys_of_another_length_are_refused(data_dir: Path, content: str) -> None:
    ring_file(data_dir / "keys").write_text(content)
    with pytest.raises(KeyMissing, match="32 bytes"):
        find_ring_keys("registration")


def test_a_deployed_service_says_that_it_is_not_told_where_its_keys_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_BROKER_URL", "amqp://broker")
    settings.cache_clear()
    try:
        with pytest.raises(KeyMissing, match="KOMPETEN_ENCRYPTION_KEYS_DIR"):
            find_ring_keys("registration")
    finally:
        settings.cache_clear()


def test_a_ring_that_is_not_there_is_not_rolled(tmp_path: Path) -> None:
    for change in (roll_ring, retire_ring):
        with pytest.raises(KeyMissing, match="keys create"):
            change(tmp_path, "registration")


def test_two_who_roll_at_once_lose_neither_key(data_dir: Path) -> None:
    """This failure mode means that what was encrypted with the lost key in between opens for nobody any more."""
    together, rollers = Barrier(8, timeout=20), 8

    def roll(_: int) -> None:
        together.wait()
        for _turn in range(3):
            roll_ring(data_dir / "keys" / FOLDER, "registration")

    with ThreadPoolExecutor(rollers) as pool:
        list(pool.map(roll, range(rollers)))
    assert len(find_ring_keys("registration")) == 1 + 3 * rollers


def test_a_ring_that_was_rolled_after_it_was_looked_at_is_not_retired(data_dir: Path) -> None:
    folder, looked_at = data_dir / "keys" / FOLDER, find_ring_keys("registration")[0].id
    roll_ring(folder, "registration")
    with pytest.raises(RolledMeanwhile):
        retire_ring(folder, "registration", looked_at)
    assert len(find_ring_keys("registration")) == 2
    retire_ring(folder, "registration", find_ring_keys("registration")[0].id)
    assert len(find_ring_keys("registration")) == 1


def test_a_key_is_seen_though_its_file_bears_the_time_of_the_one_before(data_dir: Path) -> None:
    """Clocks of file systems go in steps of some milliseconds: two changes may bear one time."""
    file = ring_file(data_dir / "keys")
    at = file.stat().st_mtime_ns
    assert len(find_ring_keys("registration")) == 1
    roll_ring(data_dir / "keys" / FOLDER, "registration")
    os.utime(file, ns=(at, at))
    assert len(find_ring_keys("registration")) == 2
