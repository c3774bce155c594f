"""What is wrong with files now: written when it is seen, closed when it is no longer so."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.kept_files.models import FileFinding, FileState

LOST = (FileState.MISSING, FileState.ALTERED)
MOST = 10_000
"""Findings written one by one; a store that lost more is a case for the backup, not for a list."""


def write_findings(session: Session, found: Mapping[str, FileState]) -> None:
    """Note that these files are wrong now; one that was known keeps since when."""
    known = {row.key: row for row in session.scalars(select(FileFinding).where(FileFinding.key.in_(found)))}
    room = MOST - count_findings(session) if found.keys() - known.keys() else 0
    for key, state in found.items():
        row = known.get(key)
        if row is None:
            if room > 0:
                session.add(FileFinding(key=key, state=state))
                room -= 1
        else:
            if row.resolved_at is not None:
                row.found_at = real_now()
            row.state, row.seen_at, row.resolved_at = state, real_now(), None


def resolve_findings(session: Session, keys: Collection[str]) -> None:
    """Note that these files are as they should be."""
    if keys:
        _close(session, FileFinding.key.in_(keys))


def resolve_unseen_findings(session: Session, prefix: str, states: Collection[FileState], since: datetime) -> None:
    """Note that findings under `prefix` which a check that began at `since` did not meet again are over."""
    _close(
        session,
        FileFinding.key.startswith(prefix, autoescape=True)
        & FileFinding.state.in_(states)
        & (FileFinding.seen_at < since),
    )


def find_open(session: Session, keys: Collection[str]) -> set[str]:
    """Those of `keys` that are known to be wrong."""
    return set(
        session.scalars(select(FileFinding.key).where(FileFinding.key.in_(keys), FileFinding.resolved_at.is_(None)))
    )


def count_findings(session: Session, prefix: str = "", states: Collection[FileState] = tuple(FileState)) -> int:
    """How many files are wrong now."""
    open_ones = select(func.count()).select_from(FileFinding).where(
        FileFinding.resolved_at.is_(None), FileFinding.state.in_(states)
    )  # fmt: skip
    if prefix:
        open_ones = open_ones.where(FileFinding.key.startswith(prefix, autoescape=True))
    return session.scalar(open_ones) or 0


def _close(session: Session, which: object) -> None:
    session.execute(
        update(FileFinding)
        .where(FileFinding.resolved_at.is_(None), which)  # type: ignore[arg-type]
        .values(resolved_at=real_now())
        .execution_options(synchronize_session=False)
    )
