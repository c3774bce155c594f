"""Files with keys: read, read again when they have changed, and changed while others read them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Generic, TypeVar

from shared.durable import replace_file

T = TypeVar("T")


class KeyMissing(RuntimeError):
    """A key file is not there or not what it should be; the message says which and how to make one."""


class WatchedFile(Generic[T]):
    """What `load` makes of a file that is rewritten in its place, made anew when it has changed.

    A change that cannot be read (yet: somebody is just writing it) leaves what was known. What is only ever replaced as
    a whole needs no such patience: `find_last_change` tells when to read it again.
    """

    def __init__(self, load: Callable[[Path, bytes], T]) -> None:
        self._load = load
        self._known: dict[Path, tuple[int, T]] = {}

    def read(self, file: Path) -> T:
        """What was made of the file as it is now. Raises KeyMissing where nothing ever could."""
        known = self._known.get(file)
        try:
            mark = find_last_change(file)
            if known is None or known[0] != mark:
                known = self._known[file] = (mark, self._load(file, read_key_file(file)))
        except (OSError, ValueError, KeyMissing) as error:
            if known is None:
                raise error if isinstance(error, KeyMissing) else KeyMissing(f"{file}: {error}") from error
        return known[1]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else on this machine changes the key files of a folder. Raises KeyMissing.

    Who reads one, adds a key and writes it back would else lose the key that another has added meanwhile, and with it
    what that one has encrypted.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _missing(folder, error) from error
    try:
        flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def rewrite_file(file: Path, content: bytes) -> None:
    """Write `content` into a file that stays the same file: containers that have it open see what is in it now.

    Readers may see half of it for a moment; `WatchedFile` bears that. Raises OSError.
    """
    mode = file.stat().st_mode & 0o777
    file.chmod(mode | 0o200)
    try:
        with file.open("r+b") as out:
            os.pwrite(out.fileno(), content, 0)
            out.truncate(len(content))
            os.fsync(out.fileno())
    finally:
        file.chmod(mode)


def replace_key_file(file: Path, text: str) -> None:
    """Put `text` in the place of a file, whole or not at all, readable by whom it was readable. Raises OSError."""
    replace_file(file, text.encode("ascii"), file.stat().st_mode & 0o777)


def read_key_file(file: Path) -> bytes:
    """The file's content. Raises KeyMissing, which says what makes it."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise _missing(file, error) from error


def find_last_change(file: Path) -> int:
    """A mark of the file as it is now: once it is another, what was read before is read again. Raises KeyMissing.

    Its time alone would not do: two changes within some milliseconds bear the same one.
    """
    try:
        found = file.stat()
    except OSError as error:
        raise _missing(file, error) from error
    return hash((found.st_mtime_ns, found.st_ino, found.st_size))


def _missing(file: Path, error: OSError) -> KeyMissing:
    return KeyMissing(f"{file} cannot be read ({error.strerror}); `kompeten keys create` makes it")
