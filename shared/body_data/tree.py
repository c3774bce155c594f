"""The files in force: those that are shipped, and in place of them, file by file, those of the operator's folder."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.body_data.reading import BadData, Fault

PACKAGED = Path(__file__).parent / "packaged"
SCHEMES = "schemes"
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file in force. `name` is its path below the folder, `own` says that it is the operator's."""

    name: str
    path: Path
    own: bool
    text: str

    @property
    def sha256(self) -> str:
        """Of its bytes, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Tree:
    """The files in force by name, as they were when they were read, and what was made of them."""

    def __init__(self, files: Mapping[str, KeptFile]) -> None:
        self.files = dict(sorted(files.items()))
        self._made: dict[str, Any] = {}

    def list_all(self) -> list[KeptFile]:
        """Every file in force, in the order of their names."""
        return list(self.files.values())

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the names and contents of all: alike in every service that works by the same data."""
        whole = hashlib.sha256()
        for name, file in self.files.items():
            whole.update(f"{name} {file.sha256}\n".encode())
        return whole.hexdigest()

    @property
    def schemes(self) -> list[KeptFile]:
        """The files of schemes, `schemes/<id>/<version>.yaml`."""
        return [file for name, file in self.files.items() if name.startswith(f"{SCHEMES}/")]

    def make_once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` makes of these files, made when it is first asked for."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def read_tree(folder: Path | None) -> Tree:
    """Read the files in force with `folder` as the operator's, None for none.

    Raises BadData for a folder that is not there, and for a file that cannot be read or that nothing would use.
    """
    packaged = _read_folder(PACKAGED, own=False)
    if folder is None:
        return Tree(packaged)
    if not folder.is_dir():
        raise BadData([Fault(folder, None, "there is no such folder; make it, or take KOMPETEN_BODY_DATA_DIR away")])
    own = _read_folder(folder, own=True)
    unknown = [file for name, file in own.items() if name not in packaged and not _is_scheme(name)]
    if unknown:
        names = ", ".join(name for name in packaged if not _is_scheme(name))
        what = f"nothing reads a file of this name; known are {names} and {SCHEMES}/<id>/<version>.yaml"
        raise BadData([Fault(file.path, None, what) for file in unknown])
    return Tree({**packaged, **own})


def has_changed(tree: Tree, folder: Path | None) -> bool:
    """Whether the files are others now than when `tree` was read."""
    try:
        return read_tree(folder).digest != tree.digest
    except BadData:
        return True


def _is_scheme(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 3 and parts[0] == SCHEMES


def _read_folder(folder: Path, *, own: bool) -> dict[str, KeptFile]:
    found: dict[str, KeptFile] = {}
    faults: list[Fault] = []
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        name = path.relative_to(folder).as_posix()
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ValueError("it is larger than 1 MiB")
            found[name] = KeptFile(name, path, own, path.read_bytes().decode())
        except (OSError, ValueError) as error:
            faults.append(Fault(path, None, f"this cannot be read: {error}"))
    if faults:
        raise BadData(faults)
    return found
