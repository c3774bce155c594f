"""Who somebody is to the certification body."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """The parts that people have in the work of the certification body; one person may have several."""

    APPLICANT = "applicant"
    SECRETARIAT = "secretariat"
    ASSESSOR = "assessor"
    CHAIR = "chair"
    HEAD_OF_GENERAL_AFFAIRS = "head_of_general_affairs"
    HEAD_OF_CERTIFICATION = "head_of_certification"
    HEAD_OF_QUALITY_CONTROL = "head_of_quality_control"
    HEAD_OF_STANDARDS = "head_of_standards"
    COMPLAINTS_OFFICER = "complaints_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


OFFICERS = (
    Role.CHAIR,
    Role.HEAD_OF_GENERAL_AFFAIRS,
    Role.HEAD_OF_CERTIFICATION,
    Role.HEAD_OF_QUALITY_CONTROL,
    Role.HEAD_OF_STANDARDS,
)
"""The five who meet (process 2.8); the chair decides."""


def write_roles(roles: Iterable[Role]) -> str:
    """The codes of `roles` in one text, as logs keep them: `read_roles` reads it."""
    return ",".join(sorted(roles))


def read_roles(text: str) -> list[Role]:
    """The roles that `write_roles` wrote."""
    return [Role(role) for role in text.split(",") if role]
