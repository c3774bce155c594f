"""The re-assessments a person has had, over a chain of applications that is not new (process 2.10, R28)."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.appeals import Earlier, is_new_application
from services.decision.domain.workflow import AppealState, CaseState
from services.decision.models import Appeal, AppealUnit, ApplicationCopy, DecisionCase, Reassessment

RESTING = frozenset({CaseState.DECIDED_K, CaseState.DECIDED_BK, CaseState.CLOSED})
"""States in which nobody pursues the application just now."""


def list_chained_applications(session: Session, case: DecisionCase) -> list[UUID]:
    """The ids of the applications of the same person whose re-assessments count together, this one's among them.

    A chain begins with an application that is new (`is_new_application`); the others run beside or pursue an earlier
    one.
    """
    statement = (
        select(DecisionCase, ApplicationCopy.filed_at)
        .outerjoin(ApplicationCopy, ApplicationCopy.id == DecisionCase.id)
        .where(DecisionCase.applicant_id == case.applicant_id)
    )
    rows = sorted(
        ((filed_at or row.created_at, row) for row, filed_at in session.execute(statement)),
        key=lambda pair: (pair[0], str(pair[1].id)),
    )
    chains: list[list[DecisionCase]] = []
    for filed_at, row in rows:
        together = chains[-1] if chains else []
        if together and not all(is_new_application(filed_at, _earlier(other)) for other in together):
            together.append(row)
        else:
            chains.append([row])
    return next([row.id for row in together] for together in chains if case in together)


def count_reassessments(session: Session, case: DecisionCase) -> dict[str, int]:
    """Unit -> how many re-assessments of it were ordered over the chain of applications so far (process 2.10).

    What open appeals on the chain's other applications would order is counted too; otherwise several appeals at once
    would come past the limit (R28).
    """
    applications = list_chained_applications(session, case)
    ordered = session.scalars(select(Reassessment.unit).where(Reassessment.application_id.in_(applications)))
    pending = session.scalars(
        select(AppealUnit.unit)
        .join(Appeal, Appeal.id == AppealUnit.appeal_id)
        .where(
            Appeal.case_id.in_(applications),
            Appeal.case_id != case.id,
            Appeal.state.in_([AppealState.RECEIVED, AppealState.IN_REVIEW]),
        )
    )
    return _counted([*ordered, *pending])


def _counted(units: Iterable[str]) -> dict[str, int]:
    return dict(Counter(units))


def _earlier(case: DecisionCase) -> Earlier:
    return Earlier(case.decided_at, CaseState(case.state) not in RESTING)
