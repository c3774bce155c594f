"""One record by its id, or the refusal that there is none; locked where it is about to change."""

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.models import AgendaItem, Appeal, DecisionCase, Meeting
from shared.errors import N_, NotFound

R = TypeVar("R", bound=Any)

NO_CASE = N_("Berkas tidak ditemukan.")
NO_MEETING = N_("Rapat tidak ditemukan.")
NO_APPEAL = N_("Banding tidak ditemukan.")


def _one(session: Session, model: type[R], key: UUID, lock: bool) -> R | None:
    statement = select(model).where(model.id == key)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found: R | None = session.scalar(statement)
    return found


def find_case(session: Session, key: UUID, *, lock: bool = False) -> DecisionCase:
    """Raises NotFound `case-unknown`."""
    found = _one(session, DecisionCase, key, lock)
    if found is None:
        raise NotFound("case-unknown", NO_CASE)
    return found


def find_meeting(session: Session, key: UUID, *, lock: bool = False) -> Meeting:
    """Raises NotFound `meeting-unknown`."""
    found = _one(session, Meeting, key, lock)
    if found is None:
        raise NotFound("meeting-unknown", NO_MEETING)
    return found


def find_appeal(session: Session, key: UUID, *, lock: bool = False) -> Appeal:
    """Raises NotFound `appeal-unknown`."""
    found = _one(session, Appeal, key, lock)
    if found is None:
        raise NotFound("appeal-unknown", NO_APPEAL)
    return found


def lock_cases(session: Session, keys: Collection[UUID]) -> dict[UUID, DecisionCase]:
    """The cases, locked in one order so that two who lock several never wait for each other."""
    statement = (
        select(DecisionCase)
        .where(DecisionCase.id.in_(set(keys)))
        .order_by(DecisionCase.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in session.scalars(statement)}


def list_agenda(session: Session, meeting_id: UUID) -> dict[UUID, AgendaItem]:
    """The agenda in its order, by case; fresh from the database."""
    statement = (
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position)
        .execution_options(populate_existing=True)
    )
    return {row.case_id: row for row in session.scalars(statement)}
