"""Which fact is written to whom, with which template and which next step: all of them in one table.

A template is `templates/mails/<letter>.<language>.txt`: the subject on its first line, the text below. It sees the fact
as `fact`, the recipient's name as `name` and the address of the next step as `link`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts import Fact, assessment, certificate, decision, registration, surveillance


@dataclass(frozen=True, slots=True)
class Letter:
    """`to` is the fact's field that names the account or accounts, or a mail address of somebody who has no account;
    `path` is below the public address.

    `sealed` names the fact's field with a key in it, in place of a `path`: it is opened when the letter is sent, and
    erased then. `to_closed` ones are written to deactivated accounts, too.
    """

    fact: type[Fact]
    name: str
    to: str
    path: Callable[[Any], str]
    sealed: str = ""
    to_closed: bool = False

    @property
    def secret(self) -> bool:
        """Whether the text holds a key, and what is sent of it is erased."""
        return bool(self.sealed)

    @property
    def to_one(self) -> bool:
        """Whether the fact names one account, which can then be loaded for a whole batch."""
        return self.fact.model_fields[self.to].annotation is UUID

    @property
    def to_outsider(self) -> bool:
        """Whether the fact names a mail address; an empty one is nobody's."""
        return self.fact.model_fields[self.to].annotation is str

    def expires_at(self, fact: Fact) -> datetime | None:
        """When the key in a secret text dies: after that the letter is of no use."""
        return getattr(fact, "expires_at", None) if self.secret else None

    def outsider(self, fact: Fact) -> str:
        """The mail address that `fact` names."""
        found: str = getattr(fact, self.to)
        return found

    def language(self, fact: Fact) -> str:
        """The language of a letter to somebody without an account: the one the fact names, else Indonesian."""
        return str(getattr(fact, "language", "id"))

    def person(self, fact: Fact) -> UUID:
        """The one account that `fact` names."""
        found: UUID = getattr(fact, self.to)
        return found

    def people(self, fact: Fact) -> Sequence[UUID]:
        """The accounts that `fact` names, each once."""
        return (self.person(fact),) if self.to_one else tuple(dict.fromkeys(getattr(fact, self.to)))


def _at(path: str) -> Callable[[Any], str]:
    """`path` with the fact's fields filled in."""
    return lambda fact: path.format_map(fact.model_dump(mode="json"))


MAILS_FAILED = "mails_failed"
"""The letter to the administrator of the settings: mails could not be delivered. No fact stands behind it."""
APPLICANT = "applicant_id"
HOLDER = "holder_id"
APPLICATION = _at("/registration/applications/{application_id}")
CASE = _at("/assessment/cases/{case_id}")
DECISION = _at("/decision/my/{application_id}")
CERTIFICATE = _at("/certificate/{certificate_id}")
REPORT = _at("/surveillance/reports/{surveillance_id}")

LETTERS: tuple[Letter, ...] = (
    Letter(registration.AccountOpened, "account_opened", "account_id", _at("/registration/")),
    Letter(registration.PasswordResetRequested, "password_reset_requested", "account_id", _at(""), sealed="link"),
    Letter(registration.AccountInvited, "account_invited", "account_id", _at(""), sealed="link"),
    Letter(registration.RegistrationRequested, "registration_requested", "email", _at(""), sealed="link"),
    Letter(
        registration.RegistrationRepeated, "registration_repeated", "account_id", _at("/registration/password/forgot")
    ),
    Letter(
        registration.AccountSecurityChanged,
        "account_security_changed",
        "account_id",
        _at("/registration/password/forgot"),
        to_closed=True,
    ),
    Letter(registration.SecondFactorChanged, "second_factor_changed", "account_id", _at("/registration/account")),
    Letter(registration.SignInPaused, "sign_in_paused", "account_id", _at(""), sealed="link"),
    Letter(registration.ApplicationFiled, "application_filed", APPLICANT, APPLICATION),
    Letter(registration.ApplicationReturned, "application_returned", APPLICANT, APPLICATION),
    Letter(registration.ApplicationAdmitted, "application_admitted", APPLICANT, APPLICATION),
    Letter(registration.ApplicationWithdrawn, "application_withdrawn", APPLICANT, APPLICATION),
    Letter(registration.SelfAssessmentSubmitted, "self_assessment_submitted", APPLICANT, APPLICATION),
    Letter(
        registration.PhotoNeeded, "photo_needed", APPLICANT, _at("/registration/applications/{application_id}/photo")
    ),
    Letter(
        assessment.AssessorAssigned, "assessor_assigned", "assessor_id", _at("/assessment/cases/{case_id}/declaration")
    ),
    Letter(assessment.AssessorReleased, "assessor_released", "assessor_id", _at("/assessment/")),
    Letter(assessment.PreAssessmentScheduled, "pre_assessment_scheduled", APPLICANT, CASE),
    Letter(assessment.CandidateReturned, "candidate_returned", APPLICANT, APPLICATION),
    Letter(assessment.PlanProposed, "plan_proposed", APPLICANT, CASE),
    Letter(assessment.PlanAgreed, "plan_agreed", APPLICANT, CASE),
    Letter(assessment.AssessmentScheduled, "assessment_scheduled", APPLICANT, CASE),
    Letter(assessment.AssessmentScheduled, "assessment_scheduled_assessor", "assessor_id", CASE),
    Letter(assessment.AssessmentPostponed, "assessment_postponed", APPLICANT, CASE),
    Letter(decision.MeetingCalled, "meeting_called", "members", _at("/decision/meetings/{meeting_id}")),
    Letter(decision.OfficerProposed, "officer_proposed", "confirmers", _at("/decision/officers")),
    Letter(decision.OfficerProposed, "officer_proposed_person", "account_id", _at("/registration/")),
    Letter(decision.OfficerProposalAnswered, "officer_proposal_answered", "proposed_by", _at("/decision/officers")),
    Letter(decision.OfficerProposalAnswered, "officer_proposal_answered_person", "account_id", _at("/registration/")),
    Letter(decision.CertificationDecided, "certification_decided", APPLICANT, DECISION),
    Letter(decision.CaseClosed, "case_closed", APPLICANT, APPLICATION),
    Letter(decision.AppealReceived, "appeal_received", APPLICANT, DECISION),
    Letter(decision.AppealPanelNamed, "appeal_panel_named", APPLICANT, DECISION),
    Letter(decision.AppealPanelNamed, "appeal_panel_member", "panel", _at("/decision/appeals/{appeal_id}")),
    Letter(decision.AppealDecided, "appeal_decided", APPLICANT, DECISION),
    Letter(decision.ReassessmentOrdered, "reassessment_ordered", APPLICANT, _at("/assessment/")),
    Letter(
        certificate.AgreementRequested, "agreement_requested", HOLDER, _at("/certificate/agreement/{application_id}")
    ),
    Letter(certificate.CertificateIssued, "certificate_issued", HOLDER, CERTIFICATE),
    Letter(certificate.CertificateReissued, "certificate_reissued", HOLDER, CERTIFICATE),
    Letter(certificate.CertificateScopeReduced, "certificate_scope_reduced", HOLDER, CERTIFICATE),
    Letter(certificate.CertificateSuspended, "certificate_suspended", HOLDER, CERTIFICATE),
    Letter(certificate.CertificateReinstated, "certificate_reinstated", HOLDER, CERTIFICATE),
    Letter(certificate.CertificateWithdrawn, "certificate_withdrawn", HOLDER, CERTIFICATE),
    Letter(certificate.CertificateExpired, "certificate_expired", HOLDER, CERTIFICATE),
    Letter(certificate.AgencyWebhookStopped, "agency_webhook_stopped", "contact", _at("/certificate/events")),
    Letter(surveillance.SurveillanceOpened, "surveillance_opened", HOLDER, REPORT),
    Letter(surveillance.SurveillanceReminded, "surveillance_reminded", HOLDER, REPORT),
    Letter(surveillance.SurveillanceOverdue, "surveillance_overdue", HOLDER, REPORT),
    Letter(surveillance.SurveillanceReported, "surveillance_reported", HOLDER, REPORT),
    Letter(surveillance.SurveillanceReviewed, "surveillance_reviewed", HOLDER, REPORT),
    Letter(
        surveillance.RecertificationInvited,
        "recertification_invited",
        HOLDER,
        _at("/surveillance/holdings/{certificate_id}"),
    ),
)


def letters_by_fact(letters: Iterable[Letter] = LETTERS) -> Mapping[type[Fact], Sequence[Letter]]:
    """The letters to write when a fact is heard, by kind of fact, in the order of the table."""
    found: dict[type[Fact], list[Letter]] = {}
    for letter in letters:
        found.setdefault(letter.fact, []).append(letter)
    return found
