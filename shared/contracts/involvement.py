"""Who was involved in a case, as what: told by every stage that names or admits people (R1, R7, R10, R25)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import Fact
from shared.contracts.words import Involvement


class PeopleInvolved(Fact):
    """These people (account ids) have a part in the case of this application, for ever. Why somebody is tied to the
    candidate is not told: that is for the stage where it was declared (R4)."""

    application_id: UUID
    applicant_id: UUID
    people: list[UUID] = Field(min_length=1, max_length=50)
    part: Involvement
    since: datetime


class RegistrationPeopleInvolved(PeopleInvolved, service="registration", fact="people_involved"):
    """Who judged items of a file, returned or admitted it, in any round (process 2.3)."""


class AssessmentPeopleInvolved(PeopleInvolved, service="assessment", fact="people_involved"):
    """Who was assigned, declared a tie, pre-assessed or assessed (process 2.6, 2.7)."""


class DecisionPeopleInvolved(PeopleInvolved, service="decision", fact="people_involved"):
    """Who sat when it was decided, kept out because of a tie, or heard its appeal (process 2.8 to 2.10)."""


INVOLVEMENT_FACTS: Mapping[str, type[PeopleInvolved]] = {
    kind.service: kind for kind in (RegistrationPeopleInvolved, AssessmentPeopleInvolved, DecisionPeopleInvolved)
}
"""By the service that tells it. Each of them keeps what the others tell."""
