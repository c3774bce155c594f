"""Rules of accounts: addresses, roles, and that the body never locks itself out."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from shared.errors import N_, Conflict, Invalid
from shared.security.roles import Role

LANGUAGES = ("id", "en")
RESET_LIFE = timedelta(hours=1)
INVITATION_LIFE = timedelta(days=3)
MAILS_PER_HOUR = 3
"""Letters about one address that strangers may bring about: more would fill a mailbox."""
REGISTRATION_LIFE = timedelta(days=1)
DEVICE_LINK_LIFE = timedelta(days=1)

ROLE_MISSING = N_("Pilih sekurang-kurangnya satu peran.")
ROLE_UNKNOWN = N_("Peran itu tidak dikenal. Pilih dari daftar peran.")
LANGUAGE_UNKNOWN = N_("Pilih bahasa: id (Indonesia) atau en (Inggris).")


class AccountState(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


def check_roles(names: Iterable[str], field: str = "roles") -> frozenset[Role]:
    """Return the roles with these names. Raises Invalid for an unknown name and for none at all.

    Which of them one person must not have together: `check_exclusions`.
    """
    try:
        roles = frozenset(Role(name) for name in names)
    except ValueError as error:
        raise Invalid("role-unknown", ROLE_UNKNOWN, fields={field: ROLE_UNKNOWN}) from error
    if not roles:
        raise Invalid("role-missing", ROLE_MISSING, fields={field: ROLE_MISSING})
    return roles


def is_staff(roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles works for the body: comes to more than an applicant's own records."""
    return any(role is not Role.APPLICANT for role in roles)


def check_language(language: str, field: str = "language") -> str:
    """Return the language if pages and mails speak it. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid("language-unknown", LANGUAGE_UNKNOWN, fields={field: LANGUAGE_UNKNOWN})
    return language


def check_other_administrators(others: int) -> None:
    """Raise Conflict when no administrator would remain to let people in.

    `others` is the number of active administrators with a password beside the one who is about to lose the role.
    """
    if others < 1:
        raise Conflict(
            "last-administrator",
            N_(
                "Ini administrator terakhir yang dapat masuk. Beri peran administrator kepada orang lain terlebih "
                "dahulu, dan tunggu sampai ia membuat kata sandinya."
            ),
        )
