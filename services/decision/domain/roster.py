"""Who is an officer: the five named ones with their terms, and the deputy named beforehand (R13, ISO/IEC 17024 4.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.errors import N_, Conflict, Forbidden, Invalid
from shared.security.roles import OFFICERS, Role

DEPUTY = "deputy"
"""The office of who decides when the chair is recused; held beside one of the other four."""

OFFICES: tuple[str, ...] = (*OFFICERS, DEPUTY)


@dataclass(frozen=True, slots=True)
class Term:
    """`account` holds `office` from `since` to `until`, both days included; `named_at` is when that was recorded."""

    office: str
    account: UUID
    since: date
    until: date
    named_at: datetime

    def covers(self, day: date) -> bool:
        """Whether the term runs on `day`."""
        return self.since <= day <= self.until

    def overlaps(self, other: "Term") -> bool:
        """Whether both terms run on some same day."""
        return self.since <= other.until and other.since <= self.until


def find_holder(terms: Iterable[Term], office: str, day: date) -> Term | None:
    """The term of whoever holds `office` on `day`; None when nobody does."""
    return next((term for term in terms if term.office == office and term.covers(day)), None)


def find_officers(terms: Iterable[Term], day: date) -> dict[str, Term]:
    """The filled offices among the five on `day`, in their order."""
    listed = list(terms)
    found = {office.value: find_holder(listed, office, day) for office in OFFICERS}
    return {office: term for office, term in found.items() if term is not None}


def find_office(terms: Iterable[Term], account: UUID, day: date) -> Role | None:
    """The office, among the five, that `account` holds on `day`."""
    for office, term in find_officers(terms, day).items():
        if term.account == account:
            return Role(office)
    return None


def check_appointment(terms: Iterable[Term], new: Term, roles: Iterable[str], active: bool) -> None:
    """Whether `new` can be recorded beside `terms`.

    One holder per office and one office per person at a time; the person's account carries the role; the deputy is one
    of the other four for the whole term. Raises Invalid (what to mend) or Conflict `office-taken`.
    """
    terms = list(terms)
    if new.office not in OFFICES:
        raise Invalid(
            "office-unknown", N_("Jabatan tidak dikenal."), fields={"office": N_("Pilih salah satu jabatan.")}
        )
    if new.until < new.since:
        raise Invalid(
            "term-reversed",
            N_("Masa jabatan berakhir sebelum dimulai."),
            fields={"until": N_("Isi tanggal yang tidak lebih awal dari tanggal mulai.")},
        )
    if not active:
        raise Invalid(
            "account-inactive", N_("Akun ini tidak aktif."), fields={"account_id": N_("Pilih akun yang aktif.")}
        )
    if any(term.office == new.office and term.overlaps(new) for term in terms):
        raise Conflict(
            "office-taken",
            N_("Jabatan ini sudah terisi dalam masa tersebut; akhiri penunjukan yang lama dahulu."),
            details={"office": new.office},
        )
    if new.office == DEPUTY:
        _check_deputy(terms, new)
        return
    if new.office not in set(roles):
        raise Invalid(
            "role-missing",
            N_("Akun ini belum memiliki peran untuk jabatan tersebut; tambahkan perannya dahulu."),
            fields={"account_id": N_("Pilih akun dengan peran yang sesuai.")},
        )
    mine = [term for term in terms if term.account == new.account and term.office != DEPUTY]
    if any(term.overlaps(new) for term in mine):
        raise Conflict(
            "person-has-office",
            N_("Orang ini sudah memegang jabatan lain dalam masa tersebut; rapat memerlukan lima orang yang berbeda."),
            details={"account_id": str(new.account)},
        )


def _check_deputy(terms: list[Term], new: Term) -> None:
    seats = [term for term in terms if term.account == new.account and term.office in OFFICERS]
    if not any(seat.office != Role.CHAIR and seat.covers(new.since) and seat.covers(new.until) for seat in seats):
        raise Invalid(
            "deputy-not-officer",
            N_("Wakil yang ditunjuk harus salah satu dari empat pejabat lain selama seluruh masa penunjukan."),
            fields={"account_id": N_("Pilih salah satu dari empat pejabat selain ketua.")},
        )


def require_officer(terms: Iterable[Term], account: UUID, day: date, *offices: Role) -> Role:
    """The office `account` holds today, one of `offices` when given (R13). Raises Forbidden `not-named-officer`."""
    office = find_office(terms, account, day)
    if office is None or (offices and office not in offices):
        raise Forbidden(
            "not-named-officer",
            N_("Hanya pejabat yang ditunjuk dan masih dalam masa jabatan yang dapat melakukan ini."),
        )
    return office
