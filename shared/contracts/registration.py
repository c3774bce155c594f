"""Facts told by registration: accounts, periods, applications (process 2.1 to 2.5)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from shared.contracts.envelope import Fact, Part
from shared.contracts.sealed import SealedFor
from shared.contracts.words import ItemReason, Judgement

SERVICE = "registration"


class Account(Fact):
    """What other stages need to know of an account: to show a name, send a mail, know the roles.

    `person_id` is the same for all accounts whose NIK is the same (one NIK is one person); None where none is known.
    """

    account_id: UUID
    name: str
    email: str
    language: str
    roles: list[str]
    active: bool
    person_id: UUID | None = None


class AccountOpened(Account, service=SERVICE, fact="account_opened"):
    """Somebody can sign in now."""


class AccountChanged(Account, service=SERVICE, fact="account_changed"):
    """Name, address, language, roles or activity are other ones now."""


class TokensSuperseded(Fact, service=SERVICE, fact="tokens_superseded"):
    """Access tokens of the account count only when they are of `generation` or a later one: authority has ended.

    Told at deactivation, when roles, password or second factor become others, and at sign-out.
    """

    account_id: UUID
    generation: int


class SecondFactorChanged(Fact, service=SERVICE, fact="second_factor_changed"):
    """The account's second factor is another one now, told to its owner by mail.

    `change`: `enrolled`, `reset` (taken away by an administrator), `recovery_used`, `codes_renewed`, `moved`
    (to another phone, by its owner), `app_added`, `passkey_added`, `passkey_removed`, `passkey_cloned` (one was
    refused, whose counter did not grow).
    """

    account_id: UUID
    change: str
    at: datetime


class PasswordResetRequested(Fact, service=SERVICE, fact="password_reset_requested"):
    """`link` lets its reader set a new password once, until `expires_at`: for the letter alone, so it is sealed."""

    account_id: UUID
    email: str
    link: Annotated[str, SealedFor("notification")]
    expires_at: datetime


class AccountInvited(Fact, service=SERVICE, fact="account_invited"):
    """Somebody who works for the body has an account: `link` sets its first password once, until `expires_at`.

    It is for the letter alone, so it is sealed.
    """

    account_id: UUID
    link: Annotated[str, SealedFor("notification")]
    expires_at: datetime


class RegistrationRequested(Fact, service=SERVICE, fact="registration_requested"):
    """Somebody registered with an address that has no account. `link` opens it, once, until `expires_at`: sealed."""

    email: str
    language: str
    link: Annotated[str, SealedFor("notification")]
    expires_at: datetime


class RegistrationRepeated(Fact, service=SERVICE, fact="registration_repeated"):
    """Somebody registered with the address of an account: its owner is told, nobody else."""

    account_id: UUID
    at: datetime


class AccountSecurityChanged(Fact, service=SERVICE, fact="account_security_changed"):
    """Something happened to an account that its owner is told by mail, to notice what was not them.

    `change`: `signed_in` (with a browser it was not signed in with before), `program_signed_in`, `codes_wrong` (the
    password was right), `password_changed`, `password_reset`, `roles_changed`, `renamed`, `deactivated`, `reactivated`.
    """

    account_id: UUID
    change: str
    at: datetime


class SignInPaused(Fact, service=SERVICE, fact="sign_in_paused"):
    """Strangers tried so many passwords on an account that new browsers wait.

    `link` makes the browser it is opened in a known one, once, until `expires_at`; it is for the letter alone, so it is
    sealed.
    """

    account_id: UUID
    link: Annotated[str, SealedFor("notification")]
    expires_at: datetime


class PeriodAnnounced(Fact, service=SERVICE, fact="period_announced"):
    """A certification period was announced: its days, its place, and the quota of each scheme by id (process 2.1)."""

    period_id: UUID
    title: str
    opens_on: date
    closes_on: date
    place: str
    quotas: dict[str, int]


class Application(Fact):
    """What every fact about one application begins with."""

    application_id: UUID
    applicant_id: UUID
    scheme_id: str
    scheme_version: str
    scheme_title: str


class ApplicationFiled(Application, service=SERVICE, fact="application_filed"):
    """FR-APL-01 came in. `round` counts from 1; `renews` is the number of the certificate to renew (process 2.12)."""

    round: int
    filed_at: datetime
    period_id: UUID | None
    renews: str | None


class ApplicationReturned(Application, service=SERVICE, fact="application_returned"):
    """The secretariat sent everything back with reasons per item (process 2.3)."""

    round: int
    reasons: list[ItemReason]
    note: str
    verifier_id: UUID


class ApplicationAdmitted(Application, service=SERVICE, fact="application_admitted"):
    """Complete: FR-APL-02 opens (process 2.4). `path` is the admission path met: a, b or c."""

    verifier_id: UUID
    admitted_at: datetime
    path: str


class ApplicationWithdrawn(Application, service=SERVICE, fact="application_withdrawn"):
    """The applicant took the application back."""

    reason: str


class EvidenceDocument(Part):
    """One document of the file; the bytes stay with registration, behind its own access rules."""

    document_id: UUID
    kind: str
    title: str
    sha256: str
    path: str
    active_content: list[str] | None = None


class ElementClaim(Part):
    """One element as the candidate sees it in FR-APL-02, with the documents that show it."""

    unit: str
    element: str
    claim: Judgement
    evidence: list[UUID]
    note: str


class SelfAssessmentSubmitted(Application, service=SERVICE, fact="self_assessment_submitted"):
    """The whole file is in: the candidate waits for the pre-assessment (process 2.5).

    `file_hash` is the SHA-256 of the file's canonical JSON as submitted. `adjustment_note` says which reasonable
    adjustment is asked for (FR.AK.07), empty for none: special-category data, sealed for the assessor, whether or not
    anything is in it. `file` is that canonical JSON itself, sealed for the officers: they decide on the content, and
    whoever keeps it can compare it with its hash (R12). The NIK stands in it by a keyed hash; `nik_shown` is how staff
    read it, masked. Both are empty in facts told before they were kept.
    """

    applicant_name: str
    round: int
    verifier_id: UUID
    units: list[str]
    claims: list[ElementClaim]
    documents: list[EvidenceDocument]
    adjustment_note: Annotated[str, SealedFor("assessment")]
    submitted_at: datetime
    file_hash: str
    renews: str | None
    file: Annotated[str, SealedFor("decision")] = ""
    nik_shown: Annotated[str, SealedFor("decision")] = ""


class PhotoPrepared(Fact, service=SERVICE, fact="photo_prepared"):
    """The holder's photo is ready for the certificate: cut to 3 by 4, in the object store under `key` (domain 5).

    `sha256` is that of the JPEG. A newer one, told with a higher sequence, takes its place.
    """

    application_id: UUID
    applicant_id: UUID
    key: str
    sha256: str


class PhotoNeeded(Fact, service=SERVICE, fact="photo_needed"):
    """The photo of the file cannot stand on a certificate: the applicant is asked for another, with the reason."""

    application_id: UUID
    applicant_id: UUID
    scheme_title: str
    reason: str


class ClockMoved(Fact, service=SERVICE, fact="clock_moved"):
    """Trial systems only: the day everybody works with is `offset_seconds` ahead of the real one."""

    offset_seconds: int
