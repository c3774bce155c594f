"""Every service that keeps files has these two tables: how far the check of them is, and what it found."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.clock import real_now
from shared.database.base import SharedBase
from shared.database.types import word_column


class FilePhase(StrEnum):
    """How far a check has come: through the store's list, through the register, to its end."""

    STORE = "store"
    REGISTER = "register"
    DONE = "done"


class FileState(StrEnum):
    """How the store and a register disagree about a file.

    `missing` is named by the register and not in the store; `altered` has other content, or content that does not
    open; `extra` is in the store and named by nothing.
    """

    MISSING = "missing"
    ALTERED = "altered"
    EXTRA = "extra"


class FileCheck(SharedBase):
    """The check of the files under `prefix`: the one that is going on, or the last one.

    `position` is the key it goes on after. Whoever works on it holds it until `held_until`. `full_at` is when every
    file was last asked to be read.
    """

    __tablename__ = "file_check"

    prefix: Mapped[str] = mapped_column(String(60), primary_key=True)
    full: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(default=real_now)
    full_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    phase: Mapped[FilePhase] = mapped_column(word_column(FilePhase), default=FilePhase.STORE)
    position: Mapped[str] = mapped_column(String(200), default="")
    in_store: Mapped[int] = mapped_column(default=0)
    in_register: Mapped[int] = mapped_column(default=0)
    matched: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)


class FileFinding(SharedBase):
    """A file that store and register disagree about, until `resolved_at`: it came back, or is named no more."""

    __tablename__ = "file_finding"
    __table_args__ = (Index("ix_file_finding_resolved_at_state", "resolved_at", "state"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    state: Mapped[FileState] = mapped_column(word_column(FileState))
    found_at: Mapped[datetime] = mapped_column(default=real_now)
    seen_at: Mapped[datetime] = mapped_column(default=real_now)
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
