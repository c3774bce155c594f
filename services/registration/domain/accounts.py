"""Rules of accounts: addresses, roles, the pause after failed sign-ins, and that the body never locks itself out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.errors import N_, Conflict, Invalid, TooMany
from shared.security.roles import Role

LANGUAGES = ("id", "en")
RESET_LIFE = timedelta(hours=1)
INVITATION_LIFE = timedelta(days=3)
RESETS_PER_HOUR = 3
PAUSE = timedelta(minutes=15)
CROWD = 5
"""How many times the tries of one person an address, or all addresses together on one account, may fail.

An office behind one address is many people; and were the account alone counted, anybody could lock anybody out.
"""

ROLE_MISSING = N_("Pilih sekurang-kurangnya satu peran.")
ROLE_UNKNOWN = N_("Peran itu tidak dikenal. Pilih dari daftar peran.")
LANGUAGE_UNKNOWN = N_("Pilih bahasa: id (Indonesia) atau en (Inggris).")


class AccountState(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins within `PAUSE`: of this person from here, of all from here, of this person from anywhere."""

    of_both: int
    from_here: int
    of_account: int


def refuse_while_paused(failures: Failures, tries: int) -> None:
    """Raise TooMany once `tries` sign-ins of one account from one address have failed, or `CROWD` times as many from
    one address or on one account in all."""
    if failures.of_both >= tries or max(failures.from_here, failures.of_account) >= tries * CROWD:
        raise TooMany(
            "sign-in-paused",
            N_("Terlalu banyak percobaan masuk yang gagal. Tunggu {minutes} menit, atau atur ulang kata sandi Anda."),
            minutes=int(PAUSE.total_seconds() // 60),
            details={"retry_after": int(PAUSE.total_seconds())},
        )


def check_roles(names: Iterable[str], field: str = "roles") -> frozenset[Role]:
    """Return the roles with these names. Raises Invalid for an unknown name and for none at all.

    No combination is refused: which roles may act together is decided for each case (R2, R25).
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
    """Raise Conflict when no active administrator would remain to let people in.

    `others` is the number of active administrators beside the one who is about to lose the role.
    """
    if others < 1:
        raise Conflict(
            "last-administrator",
            N_("Ini administrator aktif yang terakhir. Beri peran administrator kepada orang lain terlebih dahulu."),
        )
