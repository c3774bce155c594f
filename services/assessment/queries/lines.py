"""A case as one line of a list."""

from services.assessment.models import Case
from services.assessment.queries.views import CaseLine


def describe_case_line(case: Case) -> CaseLine:
    """The case as one line of a list."""
    return CaseLine(
        id=case.id,
        application_id=case.application_id,
        attempt=case.attempt,
        applicant_name=case.file.applicant_name,
        scheme_id=case.file.scheme_id,
        scheme_title=case.file.scheme_title,
        state=case.state,
        since=case.since,
        assessor_id=case.assessor_id,
        assessor_name=case.assessor_name,
        starts_at=case.sitting.starts_at if case.sitting else None,
    )
