"""How far the chained log of each service is: told to the services that keep copies of its head. No personal data."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from shared.contracts.envelope import Fact

HEX_HASH = r"^[0-9a-f]{64}$"


class LogChained(Fact):
    """The newest block of a service's log: `head` is the hash (hex) that speaks for it and all before it.

    `signature` (Ed25519, hex) is over the head, by the service's key `key_id`.
    """

    number: int = Field(ge=1, le=2**62)
    head: str = Field(pattern=HEX_HASH)
    closed_at: datetime
    key_id: str = Field(max_length=24)
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


class RegistrationLogChained(LogChained, service="registration", fact="log_chained"):
    """How far the log of registration is chained."""


class AssessmentLogChained(LogChained, service="assessment", fact="log_chained"):
    """How far the log of assessment is chained."""


class DecisionLogChained(LogChained, service="decision", fact="log_chained"):
    """How far the log of decision is chained, its decisions in it."""


class CertificateLogChained(LogChained, service="certificate", fact="log_chained"):
    """How far the log of certificate is chained, its certificates in it."""


class SurveillanceLogChained(LogChained, service="surveillance", fact="log_chained"):
    """How far the log of surveillance is chained."""


class NotificationLogChained(LogChained, service="notification", fact="log_chained"):
    """How far the log of notification is chained."""


LOG_FACTS: Mapping[str, type[LogChained]] = {
    kind.service: kind
    for kind in (
        RegistrationLogChained,
        AssessmentLogChained,
        DecisionLogChained,
        CertificateLogChained,
        SurveillanceLogChained,
        NotificationLogChained,
    )
}
