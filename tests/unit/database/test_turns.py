"""Where SQLite holds the data, who writes much lets the others go on in between."""

import subprocess
import sys
from pathlib import Path

WRITES = 20


def test_after_each_write_the_others_have_a_turn(tmp_path: Path) -> None:
    """This failure mode means that a batch of mails keeps every page waiting."""
    command = [sys.executable, "-m", "tests.unit.database.turns_process", str(tmp_path / "tiny.sqlite"), str(WRITES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= WRITES
