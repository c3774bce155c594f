"""What a backup says of itself: `manifest.json` beside its files, readable without a key, without personal data."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

MANIFEST = "manifest.json"
PIECE = 1 << 20


class BackupUnfit(Exception):
    """A backup cannot be used: it is not whole, was altered, or fits no such system. The message says what is wrong."""


class KeptFile(BaseModel):
    """One sealed file of a backup; `size` in bytes, `sha256` of the file as it lies there."""

    name: str
    size: int
    sha256: str


class KeptDatabase(BaseModel):
    """The dump of one service's database: rows of each table, and the newest migration by version table."""

    service: str
    file: KeptFile
    revisions: dict[str, str]
    rows: dict[str, int]


class KeptDocuments(BaseModel):
    """The archive of all documents: how many, and their bytes before sealing."""

    file: KeptFile
    count: int
    size: int


class Manifest(BaseModel):
    """One whole backup; the databases come from moments after `began_at`, the documents from after the databases."""

    format: Literal[1] = 1
    began_at: datetime
    ended_at: datetime
    version: str
    databases: list[KeptDatabase]
    documents: KeptDocuments

    @property
    def files(self) -> list[KeptFile]:
        return [*(database.file for database in self.databases), self.documents.file]

    @property
    def rows(self) -> int:
        """The rows of all tables of all databases."""
        return sum(sum(database.rows.values()) for database in self.databases)


def describe_file(path: Path) -> KeptFile:
    """The file as it can be read back."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return KeptFile(name=path.name, size=size, sha256=digest.hexdigest())


def read_manifest(folder: Path) -> Manifest:
    """What the backup in `folder` says of itself. Raises BackupUnfit."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise BackupUnfit(f"{folder} is no whole backup: {MANIFEST} cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise BackupUnfit(f"{folder / MANIFEST} is not what a backup of this version says of itself") from error


def check_backup(folder: Path) -> Manifest:
    """The manifest, once every file has been read and is what it says. Raises BackupUnfit."""
    manifest = read_manifest(folder)
    for file in manifest.files:
        path = folder / file.name
        if Path(file.name).name != file.name or not path.is_file():
            raise BackupUnfit(f"{path} is not there")
        if describe_file(path) != file:
            raise BackupUnfit(f"{path} is not what was written: its size or its SHA-256 differs from the manifest's")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it for people, too."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=2)
    (folder / MANIFEST).write_text(text + "\n")
