"""A file that is lost: what its reader is told, and the list of those to ask for again."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.errors import N_, NotFound
from shared.kept_files.findings import LOST, count_findings, write_findings
from shared.kept_files.models import FileFinding, FileState
from shared.kept_files.register import Register
from shared.objectstore import object_store
from shared.runtime.offload import offload
from shared.security.encryption import Kind, NotReadable, decrypt_bytes


class FileLost(NotFound):
    """The record is there and its file is not, or is not what was stored: 410, told in words, without its key."""

    status = 410

    def __init__(self, key: str, state: FileState) -> None:
        super().__init__(
            "file-lost",
            N_(
                "Berkas ini hilang atau rusak di penyimpanan kami. Kehilangan ini sudah tercatat, dan petugas akan"
                " memintanya kembali bila masih diperlukan. Data Anda yang lain tidak terpengaruh."
            ),
        )
        self.key = key
        self.state = state


class LostFile(BaseModel):
    """One line of the list of lost files; `what` and the rest are empty for one that nobody needs any more."""

    state: FileState
    since: datetime
    what: str
    whose: str
    address: str
    advice: str


def read_kept_file(key: str, kind: Kind | None = None, *, sha256: str = "") -> bytes:
    """The content of a file that a register names, which has that SHA-256 (hex), where one is given.

    `kind` is what it is encrypted as; None: it is stored as it is.

    Raises FileLost and StoreUnavailable.
    """
    try:
        stored = object_store().get(key)
    except NotFound:
        raise FileLost(key, FileState.MISSING) from None
    try:
        content = offload(decrypt_bytes, kind, stored, key) if kind else stored
    except NotReadable:
        raise FileLost(key, FileState.ALTERED) from None
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise FileLost(key, FileState.ALTERED)
    return content


def note_lost_file(session: Session, lost: FileLost) -> None:
    """Put a file that somebody just missed on the list, without waiting for the daily check."""
    write_findings(session, {lost.key: lost.state})


def count_lost_files(session: Session, registers: Iterable[Register]) -> int:
    """How many files stand on that list; cheap while there are none."""
    return len(list_lost_files(session, registers)) if count_findings(session, states=LOST) else 0


def list_lost_files(session: Session, registers: Iterable[Register]) -> list[LostFile]:
    """The files that are missing or altered and still of use, the longest first."""
    found: list[LostFile] = []
    for register in registers:
        lost = session.scalars(
            select(FileFinding).where(
                FileFinding.resolved_at.is_(None),
                FileFinding.state.in_(LOST),
                FileFinding.key.startswith(register.prefix, autoescape=True),
            )
        ).all()
        known = register.describe(session, [one.key for one in lost])
        found += [
            LostFile(
                state=one.state,
                since=one.found_at,
                what=known[one.key].title,
                whose=known[one.key].whose,
                address=known[one.key].address,
                advice=register.advice,
            )
            for one in lost
            if one.key in known
        ]
    return sorted(found, key=lambda one: one.since)
