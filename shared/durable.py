"""Files that are there whole or not at all, and stay though the machine loses its power.

A file is written aside, in its own folder under a name that begins with a dot, and then linked or moved into its place:
no reader ever sees half of it, whoever is killed while writing.
"""

import os
import re
import secrets
from pathlib import Path

LONGEST_NAME = 40
"""How much of a file's name stands in that of its draft: a name may be as long as a file system takes."""
OWNER_ALONE = 0o600


def create_file(path: Path, content: bytes, mode: int = OWNER_ALONE) -> bool:
    """Write a file unless there is one, and return whether it was written; of two writers at once one is.

    Raises OSError.
    """
    if path.exists():
        return False
    draft = _write_draft(path, content, mode)
    try:
        os.link(draft, path)  # fails where a file is, unlike a rename
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    sync_to_disk(path.parent)
    return True


def replace_file(path: Path, content: bytes, mode: int = OWNER_ALONE) -> None:
    """Put `content` in the place of a file, or where there is none yet. Raises OSError."""
    _write_draft(path, content, mode).replace(path)
    sync_to_disk(path.parent)


def is_draft(name: str) -> bool:
    """Whether a file is called as one that is being written: what a killed process has left may be removed."""
    begin, _, end = name.rpartition(".")
    return len(begin) > 1 and begin.startswith(".") and re.fullmatch(r"[0-9a-f]{16}", end) is not None


def sync_to_disk(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder, before anything else is done."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_draft(path: Path, content: bytes, mode: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name[:LONGEST_NAME]}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE), "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft
