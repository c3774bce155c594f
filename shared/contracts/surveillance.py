"""Facts told by surveillance: yearly surveillance and recertification (process 2.11, 2.12)."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.envelope import Fact

SERVICE = "surveillance"


class Holder(Fact):
    """What every fact of surveillance begins with: the certificate and who holds it."""

    certificate_id: UUID
    certificate_number: str
    holder_id: UUID


class SurveillanceScheduled(Holder, service=SERVICE, fact="surveillance_scheduled"):
    """A certificate was issued; `due_on` are the anniversaries on which a report is due (process 2.11)."""

    due_on: list[date]


class SurveillanceOpened(Holder, service=SERVICE, fact="surveillance_opened"):
    """The window for this year's report is open (60 days before by default). Told once."""

    surveillance_id: UUID
    year: int
    due_on: date


class SurveillanceReminded(Holder, service=SERVICE, fact="surveillance_reminded"):
    """The report of an open window is still missing, `days_left` days before it is due."""

    surveillance_id: UUID
    year: int
    due_on: date
    days_left: int


class SurveillanceOverdue(Holder, service=SERVICE, fact="surveillance_overdue"):
    """The anniversary has passed without a report (process 2.11)."""

    surveillance_id: UUID
    year: int
    due_on: date


class SurveillanceReported(Holder, service=SERVICE, fact="surveillance_reported"):
    """The holder handed the year's report in: it waits for review (process 2.11)."""

    surveillance_id: UUID
    year: int
    reported_at: datetime


class SurveillanceReviewed(Holder, service=SERVICE, fact="surveillance_reviewed"):
    """The report was reviewed. `outcome`: maintained, clarification_needed, suspension_proposed or withdrawal_proposed.

    The proposals are decided by the officers, never by the reviewer alone. `answer_by` is set for a clarification.
    """

    surveillance_id: UUID
    year: int
    outcome: str
    reasons: str
    answer_by: date | None


class RecertificationInvited(Holder, service=SERVICE, fact="recertification_invited"):
    """The certificate expires in `days_left` days: renew it by a new application (process 2.12)."""

    application_id: UUID
    scheme_id: str
    scheme_title: str
    expires_on: date
    days_left: int
