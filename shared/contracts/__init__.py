"""The events between the services, and for other agencies: one module per publishing service."""

from shared.contracts import assessment, certificate, decision, involvement, logs, public, registration, surveillance
from shared.contracts.envelope import Envelope, Event, Fact

__all__ = [
    "Envelope",
    "Event",
    "Fact",
    "assessment",
    "certificate",
    "decision",
    "involvement",
    "logs",
    "public",
    "registration",
    "surveillance",
]
