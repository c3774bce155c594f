"""What each service keeps of others' facts, told three times: to begin with, an older change, and a newer one."""

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.assessment.models import AccountCopy as AssessmentAccount
from services.assessment.models import File
from services.certificate.models import Order
from services.decision.models import AccountCopy, ApplicationCopy
from services.notification.models import AccountCopy as NotificationAccount
from services.registration.models import CaseAccess, HoldingStatus
from services.registration.models import Holding as RenewableHolding
from services.surveillance.models import AccountCopy as SurveillanceAccount
from services.surveillance.models import Holding, Renewal, Status
from shared.contracts import Envelope, Event, Fact
from shared.contracts.assessment import AssessorAssigned, AssessorBlocked, AssessorCleared
from shared.contracts.certificate import (
    CertificateIssued,
    CertificateReinstated,
    CertificateSuspended,
    CertificateWithdrawn,
)
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import (
    AccountChanged,
    AccountOpened,
    ApplicationFiled,
    ApplicationWithdrawn,
    PhotoPrepared,
    SelfAssessmentSubmitted,
)
from shared.contracts.words import Judgement

THING = UUID("00000000-0000-4000-8000-000000000001")
DAY = date(2026, 5, 4)


def moment(hour: int) -> datetime:
    return datetime(2026, 5, 4, hour, tzinfo=UTC)


def fill(kind: Any) -> Any:
    """Some value of an annotation: what it is does not matter."""
    if get_origin(kind) in (Union, types.UnionType):
        return None if type(None) in get_args(kind) else fill(get_args(kind)[0])
    simple: dict[Any, Any] = {
        UUID: THING, str: "id", int: 1, bool: True, datetime: moment(1), date: DAY,
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return get_origin(kind)() if get_origin(kind) else kind()


def some_fact(kind: type[Fact], **given: Any) -> Fact:
    """A fact of this kind with what is given, the rest filled with anything that fits."""
    filled = {name: fill(info.annotation) for name, info in kind.model_fields.items() if name not in given}
    return kind.model_validate(filled | given)


def body_of(fact: Fact, sequence: int) -> str:
    """The fact as it arrives, the `sequence`-th of its aggregate."""
    event = Event(
        id=uuid4(), type=fact.type, source=f"/{fact.service}", subject=f"thing/{THING}", time=moment(sequence),
        sequence=sequence, correlation_id="test", causation_id=None, fact=fact,
    )  # fmt: skip
    return Envelope.around(event).model_dump_json()


@dataclass(frozen=True)
class ToldTwice:
    """One copy: what is told of it, in order, and what must be there in the end."""

    name: str
    service: str
    begin: Sequence[Fact]
    older: Fact
    newer: Fact
    read: Callable[[Session], Any]
    newest: Any
    without: Sequence[str] = field(default=())
    """Statements that take away references to tables this test does not fill."""

    @property
    def older_type(self) -> str:
        return self.older.type

    def prepare(self, session: Session) -> None:
        for statement in self.without:
            session.execute(text(statement))

    def bodies(self) -> tuple[list[str], str, str]:
        first = [body_of(fact, sequence) for sequence, fact in enumerate(self.begin, start=1)]
        return first, body_of(self.older, len(first) + 1), body_of(self.newer, len(first) + 2)


def account_told(service: str, model: type[Any], read: str, newest: Any) -> ToldTwice:
    """An account that loses its role and its activity; the older change differs from what was known before it."""
    return ToldTwice(
        f"{service}: account",
        service,
        [some_fact(AccountOpened, roles=["chair"], active=False)],
        some_fact(AccountChanged, roles=["assessor"], active=True),
        some_fact(AccountChanged, roles=[], active=False),
        lambda session: getattr(session.get_one(model, THING), read),
        newest,
    )


NO_MILESTONES = ("ALTER TABLE milestones DROP CONSTRAINT fk_milestones_application_id",)
ISSUED = some_fact(CertificateIssued, issued_on=DAY, expires_on=date(2029, 5, 4), check_url="https://contoh.test")

TOLD_TWICE = [
    account_told("assessment", AssessmentAccount, "roles", []),
    account_told("decision", AccountCopy, "roles", []),
    account_told("surveillance", SurveillanceAccount, "active", False),
    account_told("notification", NotificationAccount, "active", False),
    ToldTwice(
        "registration: access to a file, of an assessor who was blocked (R4)",
        "registration",
        [some_fact(AssessorAssigned)],
        some_fact(AssessorCleared),
        some_fact(AssessorBlocked),
        lambda session: session.get_one(CaseAccess, THING).cleared,
        False,
        NO_MILESTONES,
    ),
    ToldTwice(
        "registration: certificate to renew",
        "registration",
        [ISSUED],
        some_fact(CertificateSuspended),
        some_fact(CertificateReinstated),
        lambda session: session.get_one(RenewableHolding, "id").status,
        HoldingStatus.VALID,
        NO_MILESTONES,
    ),
    ToldTwice(
        "surveillance: certificate held",
        "surveillance",
        [ISSUED],
        some_fact(CertificateSuspended),
        some_fact(CertificateWithdrawn),
        lambda session: session.get_one(Holding, THING).status,
        Status.WITHDRAWN,
    ),
    ToldTwice(
        "surveillance: application to renew",
        "surveillance",
        [some_fact(ApplicationFiled, renews="id")],
        some_fact(CertificationDecided, renews="id", judgement=Judgement.BK, decided_at=moment(2)),
        some_fact(CertificationDecided, renews="id", judgement=Judgement.K, decided_at=moment(3)),
        lambda session: session.get_one(Renewal, THING).failed,
        False,
    ),
    ToldTwice(
        "assessment: file of an application that was withdrawn",
        "assessment",
        [],
        some_fact(SelfAssessmentSubmitted),
        some_fact(ApplicationWithdrawn),
        lambda session: session.get_one(File, THING).withdrawn_at,
        moment(2),
    ),
    ToldTwice(
        "decision: application that was withdrawn",
        "decision",
        [],
        some_fact(ApplicationFiled),
        some_fact(ApplicationWithdrawn),
        lambda session: session.get_one(ApplicationCopy, THING).withdrawn,
        True,
    ),
    ToldTwice(
        "certificate: photo of the holder",
        "certificate",
        [some_fact(SelfAssessmentSubmitted)],
        some_fact(PhotoPrepared, key="photos/older"),
        some_fact(PhotoPrepared, key="photos/newer"),
        lambda session: session.get_one(Order, THING).photo_key,
        "photos/newer",
    ),
]
