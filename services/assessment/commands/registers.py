"""The registers of assessors and of TUK (ISO/IEC 17024 6.2, 6.3)."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.commands.inputs import Code, Day, Input, Line, Text
from services.assessment.domain.venue import CentreKind
from services.assessment.models import AccountCopy, Assessor, Centre
from shared import audit
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.schemes import shipped_schemes
from shared.security.actor import Actor

SchemeIds = Annotated[list[Code], Field(min_length=1, max_length=100)]


class AssessorDetails(Input):
    """`valid_until` is the last day of the MET registration."""

    met_number: Annotated[Code, Field(max_length=40)]
    valid_until: Day
    schemes: SchemeIds
    active: bool = True


class RegisterAssessor(AssessorDetails):
    """An account to enter into the register of assessors, with its MET registration."""

    account_id: UUID


class CentreDetails(Input):
    """`verified_until` is the last day of the TUK's verification, `capacity` its seats at one time."""

    name: Annotated[Line, Field(max_length=200)]
    kind: CentreKind
    address: Text
    verified_until: Day
    schemes: SchemeIds
    capacity: Annotated[int, Field(ge=1, le=1000)]
    active: bool = True


def register_assessor(session: Session, actor: Actor, command: RegisterAssessor) -> Assessor:
    """Enter an account that has the role into the register. Raises Invalid, Conflict."""
    account = session.get(AccountCopy, command.account_id)
    if account is None or not account.may_assess:
        raise Invalid(
            "account-no-assessor",
            N_("Akun ini tidak ada atau tidak berperan asesor."),
            fields={"account_id": N_("Pilih akun aktif yang berperan asesor.")},
        )
    if session.get(Assessor, account.id) is not None:
        raise Conflict("assessor-registered", N_("Akun ini sudah terdaftar sebagai asesor."))
    assessor = Assessor(id=account.id, name=account.name)
    _enter(session, assessor, command)
    session.add(assessor)
    audit.record_act(session, actor, "assessor:register", assessor.subject, None, _of_assessor(assessor))
    return assessor


def change_assessor(session: Session, actor: Actor, assessor_id: UUID, command: AssessorDetails) -> Assessor:
    """Renew or correct a registration. Raises NotFound, Invalid, Conflict."""
    assessor = session.get(Assessor, assessor_id)
    if assessor is None:
        raise NotFound("assessor-unknown", N_("Asesor tidak ditemukan."))
    before = _of_assessor(assessor)
    _enter(session, assessor, command)
    audit.record_act(session, actor, "assessor:change", assessor.subject, before, _of_assessor(assessor))
    return assessor


def add_centre(session: Session, actor: Actor, command: CentreDetails) -> Centre:
    """Enter a TUK with its verification into the register (R6).

    Raises Invalid `scheme-unknown`, Conflict `centre-name-taken`.
    """
    centre = Centre(id=uuid4())
    _describe(session, centre, command)
    session.add(centre)
    audit.record_act(session, actor, "centre:add", centre.subject, None, command.model_dump(mode="json"))
    return centre


def change_centre(session: Session, actor: Actor, centre_id: UUID, command: CentreDetails) -> Centre:
    """Renew or correct a TUK's entry.

    Raises NotFound `centre-unknown`, Invalid `scheme-unknown`, Conflict `centre-name-taken`.
    """
    centre = session.get(Centre, centre_id)
    if centre is None:
        raise NotFound("centre-unknown", N_("TUK tidak ditemukan."))
    before = _of_centre(centre)
    _describe(session, centre, command)
    audit.record_act(session, actor, "centre:change", centre.subject, before, _of_centre(centre))
    return centre


def _enter(session: Session, assessor: Assessor, command: AssessorDetails) -> None:
    taken = session.scalar(
        select(Assessor.id).where(Assessor.met_number == command.met_number, Assessor.id != assessor.id)
    )
    if taken is not None:
        raise Conflict(
            "met-number-taken",
            N_("Nomor MET ini sudah terdaftar atas nama asesor lain."),
            fields={"met_number": N_("Periksa nomornya.")},
        )
    assessor.met_number = command.met_number
    assessor.valid_until = command.valid_until
    assessor.schemes = _known(command.schemes)
    assessor.active = command.active


def _describe(session: Session, centre: Centre, command: CentreDetails) -> None:
    taken = session.scalar(select(Centre.id).where(Centre.name == command.name, Centre.id != centre.id))
    if taken is not None:
        raise Conflict(
            "centre-name-taken", N_("TUK dengan nama ini sudah ada."), fields={"name": N_("Pakai nama lain.")}
        )
    centre.name = command.name
    centre.kind = command.kind
    centre.address = command.address
    centre.verified_until = command.verified_until
    centre.schemes = _known(command.schemes)
    centre.capacity = command.capacity
    centre.active = command.active


def _known(scheme_ids: list[str]) -> list[str]:
    """Each once, sorted. Raises Invalid for one that no scheme file has."""
    known = {scheme.id for scheme in shipped_schemes().all()}
    fields = {
        f"schemes.{index}": N_("Skema ini tidak dikenal.") for index, each in enumerate(scheme_ids) if each not in known
    }
    if fields:
        raise Invalid("scheme-unknown", N_("Pilih skema dari daftar."), fields=fields)
    return sorted(set(scheme_ids))


def _of_assessor(assessor: Assessor) -> dict[str, Any]:
    return {
        "met_number": assessor.met_number,
        "valid_until": assessor.valid_until.isoformat(),
        "schemes": assessor.schemes,
        "active": assessor.active,
    }


def _of_centre(centre: Centre) -> dict[str, Any]:
    return {
        "name": centre.name,
        "kind": centre.kind.value,
        "address": centre.address,
        "verified_until": centre.verified_until.isoformat(),
        "schemes": centre.schemes,
        "capacity": centre.capacity,
        "active": centre.active,
    }
