"""The services of the system, in the order of the process. Nowhere else stands a list of them."""

from services.assessment.service import service as assessment
from services.certificate.service import service as certificate
from services.decision.service import service as decision
from services.notification.service import service as notification
from services.registration.service import service as registration
from services.surveillance.service import service as surveillance
from shared.runtime.service import Service

SERVICES: tuple[Service, ...] = (registration, assessment, decision, certificate, surveillance, notification)
NAMES = tuple(service.name for service in SERVICES)


def find_service(name: str) -> Service:
    """The service of this name. Raises KeyError when there is none."""
    return {service.name: service for service in SERVICES}[name]
