"""One case, as each audience may see it; and the list of them."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.access import PLANNERS, READERS
from services.assessment.domain.paperfile import BRING
from services.assessment.domain.workflow import BOOKED, Act, State, list_assessment_acts
from services.assessment.models import Case, File
from services.assessment.queries import sittings
from services.assessment.queries.lines import describe_case_line
from services.assessment.queries.parts import (
    describe_consultation,
    describe_consultation_in_hand,
    describe_day_record,
    describe_file,
    describe_titled_codes,
    hide_adjustments,
    hide_draft,
    hide_findings,
)
from services.assessment.queries.views import AssignmentView, CaseLine, CaseView, HistoryLine
from shared.audit import AuditRow
from shared.contracts.words import Involvement
from shared.errors import N_, NotFound
from shared.involvement.reading import read_involvement
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.security.roles import OFFICERS

STAFF_ACTS = frozenset({Act.ASSIGN, Act.RELEASE, Act.SCHEDULE_PRE_ASSESSMENT, Act.SCHEDULE_ASSESSMENT, Act.POSTPONE})
CANDIDATE_ACTS = frozenset({Act.AGREE, Act.DISAGREE, Act.BE_READY})
ASSESSOR_ACTS = (
    frozenset(Act) - CANDIDATE_ACTS - {Act.ASSIGN, Act.RELEASE, Act.SCHEDULE_ASSESSMENT, Act.RESUBMIT, Act.CANCEL}
)
KEEPS_OUT = (Involvement.TIED, Involvement.TRAINED, Involvement.VERIFIED)
"""Parts in a case, or ties to its candidate, with which an officer is recused from deciding it (R1, R25)."""


class CaseQuery(PageQuery):
    """`status` is a state of the case."""

    scheme: str = Field("", max_length=60, description="Only of this scheme.")
    assessor: UUID | None = Field(None, description="Only of this assessor.")
    application: UUID | None = Field(None, description="Only of this application: its attempts.")


def list_cases(session: Session, query: CaseQuery) -> Page[CaseLine]:
    """Every case, the one that waits longest first."""
    statement = select(Case).join(File, File.application_id == Case.application_id)
    if query.status in set(State):
        statement = statement.where(Case.state == State(query.status))
    if query.scheme:
        statement = statement.where(File.scheme_id == query.scheme)
    if query.assessor is not None:
        statement = statement.where(Case.assessor_id == query.assessor)
    if query.application is not None:
        statement = statement.where(Case.application_id == query.application)
    if query.q:
        statement = statement.where(contains_text(query.q, File.applicant_name))
    sorts = {"since": Case.since, "name": File.applicant_name, "scheme": File.scheme_title}
    return paginate(session, statement, query, describe_case_line, sorts=sorts)


def view_case(session: Session, actor: Actor, case_id: UUID) -> CaseView:
    """The case as the actor may see it: its assessor, its candidate, or staff. Raises NotFound for anybody else."""
    case = session.get(Case, case_id)
    if case is not None and case.assessor_id == actor.id:
        return _for_assessor(session, case) if case.is_cleared else _bare(case)
    if case is not None and case.applicant_id == actor.id:
        return _for_candidate(session, case)
    if case is not None and actor.has(*READERS):
        return _for_staff(session, actor, case)
    raise NotFound("case-unknown", N_("Kasus tidak ditemukan."))


def list_case_history(session: Session, actor: Actor, case_id: UUID) -> list[HistoryLine]:
    """Every act on the case, the oldest first (R26); who keeps out of it does not read what was noted in them (R1).

    Raises NotFound `case-unknown`.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("case-unknown", N_("Kasus tidak ditemukan."))
    rows = session.scalars(select(AuditRow).where(AuditRow.subject == case.subject).order_by(AuditRow.position))
    lines = [
        HistoryLine(at=row.at, actor_name=row.actor_name, action=row.action, before=row.before, after=row.after)
        for row in rows
    ]
    if _keeps_out(session, actor, case):
        return [line.model_copy(update={"before": None, "after": None}) for line in lines]
    return lines


def _keeps_out(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the actor is an officer who, by the record of all stages, takes no part in deciding this case (R1)."""
    if not actor.has(*OFFICERS):
        return False
    return actor.id in read_involvement(session, case.application_id, case.applicant_id).list_people(*KEEPS_OUT)


def _bare(case: Case) -> CaseView:
    """A name and a scheme: all an assessor sees before declaring impartiality (R4)."""
    return CaseView(
        id=case.id,
        application_id=None,
        attempt=None,
        applicant_name=case.file.applicant_name,
        scheme_id=case.file.scheme_id,
        scheme_title=case.file.scheme_title,
        state=case.state,
        since=case.since,
        assessor_id=case.assessor_id,
        assessor_name=case.assessor_name,
        acts=_acts(case, frozenset({Act.CLEAR, Act.BLOCK})),
        units=[],
        refused_units=[],
        methods=[],
        assignments=[],
        file=None,
        consultation=None,
        earlier_consultations=[],
        sitting=None,
        bring=[],
        record=None,
    )


def _common(session: Session, case: Case) -> CaseView:
    """What everybody may see who may see more than the name: units, methods, sitting, what to bring."""
    scheme = shipped_schemes().get(case.file.scheme_id, case.file.scheme_version)
    seat = sittings.describe_sittings(session, [case.sitting])[0] if case.sitting is not None else None
    return _bare(case).model_copy(
        update={
            "application_id": case.application_id,
            "attempt": case.attempt,
            "units": describe_titled_codes(scheme, case.units),
            "refused_units": describe_titled_codes(scheme, case.refused_units),
            "methods": list(scheme.methods),
            "sitting": seat,
            "bring": list(BRING) if case.state in BOOKED else [],
        }
    )


def _for_assessor(session: Session, case: Case) -> CaseView:
    own = [each for each in case.consultations if each.assessor_id == case.assessor_id]
    return _common(session, case).model_copy(
        update={
            "acts": _acts(case, ASSESSOR_ACTS),
            "file": describe_file(case),
            "consultation": describe_consultation_in_hand(case.consultation),
            "earlier_consultations": [describe_consultation(each) for each in own if each.closed_at is not None],
            "record": describe_day_record(case),
        }
    )


def _for_candidate(session: Session, case: Case) -> CaseView:
    """Not the notes before they are proposed, nor the record before the officers have decided (R2)."""
    return _common(session, case).model_copy(
        update={
            "acts": _acts(case, CANDIDATE_ACTS),
            "consultation": hide_draft(describe_consultation_in_hand(case.consultation)),
            "earlier_consultations": [describe_consultation(each) for each in case.consultations if each.reasons],
            "record": hide_findings(describe_day_record(case)),
        }
    )


def _for_staff(session: Session, actor: Actor, case: Case) -> CaseView:
    """Without the adjustments: special-category data, for candidate and assessor alone.

    An officer who keeps out of the case is not shown what the assessor found: it is what the others decide on (R1).
    """
    record = describe_day_record(case)
    return _common(session, case).model_copy(
        update={
            "acts": _acts(case, STAFF_ACTS) if actor.has(*PLANNERS) else [],
            "assignments": [
                AssignmentView(
                    assessor_name=each.assessor_name,
                    assigned_at=each.assigned_at,
                    cleared_at=each.cleared_at,
                    ended_at=each.ended_at,
                    ending=each.ending,
                    reason=each.reason,
                )
                for each in case.assignments
            ],
            "consultation": hide_adjustments(describe_consultation(case.consultation)) if case.consultation else None,
            "earlier_consultations": [
                hide_adjustments(describe_consultation(each))
                for each in case.consultations
                if each.closed_at is not None
            ],
            "record": hide_findings(record) if _keeps_out(session, actor, case) else record,
        }
    )


def _acts(case: Case, audience: frozenset[Act]) -> list[Act]:
    possible = list_assessment_acts(case.state) & audience
    if case.state is State.ASSESSED and audience is ASSESSOR_ACTS:
        possible -= {Act.POSTPONE}  # a complete record is set aside by who plans (`check_may_postpone`)
    return sorted(possible)
