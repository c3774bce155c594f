"""Roles that one person never has together. What must be different people in one case is asked there (R1, R7, R25)."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.errors import N_, Invalid
from shared.security.roles import OFFICERS, Role


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`role` goes with none of `others`; `source` says by which rule, `message` tells the administrator why."""

    role: Role
    others: frozenset[Role]
    source: str
    message: str


EXCLUSIONS = (
    Exclusion(
        Role.AUDITOR,
        frozenset(Role) - {Role.AUDITOR, Role.APPLICANT},
        "ISO/IEC 17024:2012 10.2.6: auditors do not audit their own work; the log they read names every act (R26)",
        N_("Auditor memeriksa pekerjaan semua peran lain, jadi tidak dapat memegang peran lain."),
    ),
    Exclusion(
        Role.ADMINISTRATOR,
        frozenset(OFFICERS),
        "domain handbook 10: no single hand makes a chair; an administrator proposes, an officer in office confirms",
        N_("Administrator mengusulkan pejabat dan pejabat menyetujuinya: keduanya harus orang yang berbeda."),
    ),
)


def check_exclusions(roles: Iterable[Role], field: str = "roles") -> None:
    """Raise Invalid on `field` for roles that one person must not have together."""
    given = frozenset(roles)
    for one in EXCLUSIONS:
        if one.role in given and not one.others.isdisjoint(given):
            raise Invalid("roles-exclude", one.message, fields={field: one.message})
