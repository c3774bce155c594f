"""BNSP's codes for the applications of a period, and who took the request list (domain handbook 5; UU 27/2022)."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.loading import load_period
from services.registration.domain.form import Section
from services.registration.models import NO_PERIOD, Application, RequestCodes
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.security.actor import Actor

BnspCode = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[\w ./-]*$")]


class SetCodes(Section):
    """BNSP's codes for one period; an empty one falls back to `bnsp.yaml`."""

    schedule: BnspCode = ""
    occupation: BnspCode = ""
    budget: BnspCode = ""
    ministry: BnspCode = ""


def set_request_codes(session: Session, actor: Actor, period_id: UUID, command: SetCodes) -> RequestCodes:
    """Keep the codes of one period, or of `NO_PERIOD`, and return them. Raises NotFound for an unknown period."""
    if period_id != NO_PERIOD:
        load_period(session, period_id)
    codes = session.get(RequestCodes, period_id)
    before = _facts(codes) if codes else None
    if codes is None:
        codes = RequestCodes(id=period_id)
        session.add(codes)
    for name, value in command.model_dump().items():
        setattr(codes, name, value)
    record_act(session, actor, "request-codes:set", f"{RequestCodes.subject_kind}/{period_id}", before, _facts(codes))
    return codes


def note_request_list_taken(session: Session, actor: Actor, asked: dict[str, Any], application_ids: list[UUID]) -> None:
    """Record that the list was taken, and for each person on it by whom (UU 27/2022).

    `asked` is what the list was narrowed to. People may ask who processed their data, so each gets an entry.
    """
    record_act(session, actor, "request-list:take", "request-list", None, {**asked, "lines": len(application_ids)})
    people = session.scalars(select(Application.applicant_id).where(Application.id.in_(application_ids)))
    note_looks(session, actor, people, Look.EXPORT, "request-list")
    for application_id in dict.fromkeys(application_ids):
        record_act(session, actor, "application:list-for-bnsp", f"application/{application_id}")


def _facts(codes: RequestCodes) -> dict[str, str]:
    return {name: getattr(codes, name) for name in SetCodes.model_fields}
