"""Keys of the real age, for what is sealed in tests."""

import subprocess
from pathlib import Path

from tests.servers.packages import install, need


def make_age_keys(folder: Path) -> Path:
    """Two private keys, `identity` and `another`, and the public one of the first in `recipients`; the folder."""
    install("age", programs=("age", "age-keygen"))
    for name in ("identity", "another"):
        subprocess.run([str(need("age-keygen")), "-o", str(folder / name)], check=True, capture_output=True)
    public = subprocess.run([str(need("age-keygen")), "-y", str(folder / "identity")], check=True, capture_output=True)
    (folder / "recipients").write_bytes(b"# contoh\n" + public.stdout)
    return folder
