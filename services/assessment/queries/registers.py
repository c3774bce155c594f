"""The registers, and who might assess a case."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.assessment.commands.loading import load_candidacy, load_case_to_run
from services.assessment.domain.impartiality import find_assessor_obstacles
from services.assessment.domain.workflow import BEFORE_THE_DAY, State
from services.assessment.models import AccountCopy, Assessor, Case, Centre, StoredDeclaration
from services.assessment.queries.views import AccountView, AssessorView, CentreView, ChoiceView
from shared import clock
from shared.errors import N_, NotFound
from shared.pagination import Page, PageQuery, contains_text, like_pattern, paginate
from shared.security.actor import Actor
from shared.security.roles import Role

IN_HAND = (*BEFORE_THE_DAY, State.READY, State.ASSESSED)


class RegisterQuery(PageQuery):
    """`status` is `valid` or `expired`."""

    scheme: str = Field("", max_length=60, description="Only those for this scheme.")


def view_assessor(session: Session, assessor_id: UUID) -> AssessorView:
    """One entry of the register of assessors. Raises NotFound `assessor-unknown`."""
    found = session.get(Assessor, assessor_id)
    if found is None:
        raise NotFound("assessor-unknown", N_("Asesor tidak ditemukan."))
    return describe_assessor(found)


def view_centre(session: Session, centre_id: UUID) -> CentreView:
    """One TUK of the register. Raises NotFound `centre-unknown`."""
    found = session.get(Centre, centre_id)
    if found is None:
        raise NotFound("centre-unknown", N_("TUK tidak ditemukan."))
    return describe_centre(found)


def list_assessors(session: Session, query: RegisterQuery) -> Page[AssessorView]:
    """The register of assessors: a page of it, filtered and sorted as asked."""
    statement = select(Assessor).where(*_asked(query, Assessor.schemes, Assessor.valid_until))
    if query.q:
        statement = statement.where(contains_text(query.q, Assessor.name, Assessor.met_number))
    sorts = {"name": Assessor.name, "valid_until": Assessor.valid_until}
    return paginate(session, statement, query, describe_assessor, sorts=sorts)


def list_centres(session: Session, query: RegisterQuery) -> Page[CentreView]:
    """The register of TUK: a page of it, filtered and sorted as asked."""
    statement = select(Centre).where(*_asked(query, Centre.schemes, Centre.verified_until))
    if query.q:
        statement = statement.where(contains_text(query.q, Centre.name, Centre.address))
    sorts = {"name": Centre.name, "verified_until": Centre.verified_until}
    return paginate(session, statement, query, describe_centre, sorts=sorts)


def list_usable_centres(session: Session) -> list[Centre]:
    """The TUK that are in use and verified today, by name: a sitting can be planned there."""
    statement = select(Centre).where(Centre.active, Centre.verified_until >= clock.today()).order_by(Centre.name)
    return list(session.scalars(statement))


def list_unregistered_accounts(session: Session) -> list[AccountView]:
    """Open accounts with the role of an assessor that are not in the register yet, by name; 500 at most."""
    statement = (
        select(AccountCopy)
        .where(AccountCopy.active, AccountCopy.id.not_in(select(Assessor.id)), _holds(AccountCopy.roles, Role.ASSESSOR))
        .order_by(AccountCopy.name)
        .limit(500)
    )
    return [AccountView(id=each.id, name=each.name, email=each.email) for each in session.scalars(statement)]


def list_assessor_choices(session: Session, actor: Actor, case_id: UUID, on: date | None = None) -> list[ChoiceView]:
    """Every active assessor with what keeps him or her from the case on that day, those without obstacles first.

    Raises NotFound, Conflict (own case).
    """
    case = load_case_to_run(session, actor, case_id)
    day = max(on or clock.today(), clock.today())
    declared = session.scalars(select(StoredDeclaration).where(StoredDeclaration.applicant_id == case.applicant_id))
    by_assessor: dict[UUID, list[StoredDeclaration]] = {}
    for one in declared:
        by_assessor.setdefault(one.assessor_id, []).append(one)
    in_hand = select(Case.assessor_id, func.count()).where(Case.state.in_(IN_HAND)).group_by(Case.assessor_id)
    load = {row[0]: row[1] for row in session.execute(in_hand)}
    rows = session.execute(
        select(Assessor, AccountCopy)
        .join(AccountCopy, AccountCopy.id == Assessor.id)
        .where(Assessor.active)
        .order_by(Assessor.name)
    ).all()
    candidacy = load_candidacy(session, case)
    found = [
        ChoiceView(
            id=each.id,
            name=each.name,
            met_number=each.met_number,
            valid_until=each.valid_until,
            open_cases=load.get(each.id, 0),
            obstacles=find_assessor_obstacles(
                each.registration(account.may_assess),
                candidacy,
                [one.declaration for one in by_assessor.get(each.id, [])],
                day,
            ),
        )
        for each, account in rows
    ]
    return sorted(found, key=lambda choice: (len(choice.obstacles), choice.open_cases))


def describe_assessor(row: Assessor) -> AssessorView:
    """One entry of the register, with whether it holds today."""
    return AssessorView(
        id=row.id,
        name=row.name,
        met_number=row.met_number,
        valid_until=row.valid_until,
        schemes=row.schemes,
        active=row.active,
        valid=row.active and row.valid_until >= clock.today(),
    )


def describe_centre(row: Centre) -> CentreView:
    """One TUK, with whether its verification holds today."""
    return CentreView(
        id=row.id,
        name=row.name,
        kind=row.kind,
        address=row.address,
        verified_until=row.verified_until,
        schemes=row.schemes,
        capacity=row.capacity,
        active=row.active,
        valid=row.active and row.verified_until >= clock.today(),
    )


def _asked(
    query: RegisterQuery, schemes: InstrumentedAttribute[Any], until: InstrumentedAttribute[date]
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.scheme:
        wanted.append(_holds(schemes, query.scheme))
    if query.status == "valid":
        wanted.append(until >= clock.today())
    elif query.status == "expired":
        wanted.append(until < clock.today())
    return wanted


def _holds(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    """A JSON list holds the word: as text, which both databases write with its quotes."""
    return cast(column, Text).like(like_pattern(f'"{word}"'), escape="\\")
