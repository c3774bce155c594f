"""A decision meeting on one case: who counts, who has still to speak, who decides (process 2.8, 2.9; R1, R13)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.decision.domain.roster import DEPUTY, Term, find_holder
from shared.errors import N_, Conflict, Forbidden, Refusal
from shared.security.roles import Role


@dataclass(frozen=True, slots=True)
class Sitting:
    """One case before one meeting. All ids are of accounts; `recused` and `spoken` hold for this case."""

    present: frozenset[UUID]
    recused: frozenset[UUID]
    spoken: frozenset[UUID]
    quorum: int

    @property
    def eligible(self) -> frozenset[UUID]:
        """Present and without a conflict: the only ones who count."""
        return self.present - self.recused


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides; `acting` when it is the deputy in the chair's place."""

    account: UUID
    acting: bool


def name_decider(chair: Term | None, deputy: Term | None, recused: Collection[UUID], opened_at: datetime) -> Decider:
    """The chair; when the chair is recused, the deputy named before the meeting was opened (R13).

    Raises Conflict `no-decider` when there is none: then the administrator names one, for a later meeting.
    """
    if chair is None:
        raise Conflict("no-decider", N_("Tidak ada ketua yang sedang menjabat; administrator perlu menunjuk ketua."))
    if chair.account not in recused:
        return Decider(chair.account, acting=False)
    if deputy is None or deputy.named_at > opened_at:
        raise Conflict(
            "no-decider",
            N_("Ketua mengundurkan diri dari berkas ini dan tidak ada wakil yang ditunjuk sebelum rapat dibuka."),
        )
    if deputy.account in recused:
        raise Conflict(
            "no-decider",
            N_("Ketua dan wakilnya mengundurkan diri dari berkas ini; tunjuk wakil lain untuk rapat berikutnya."),
        )
    return Decider(deputy.account, acting=True)


def require_decider(terms: Iterable[Term], recused: Collection[UUID], day: date, opened_at: datetime) -> Decider:
    """Who decides on `day` a case that `recused` keep out of, in a meeting opened at `opened_at`.

    `terms` are all appointments on record. Raises Conflict `no-decider` as `name_decider` does.
    """
    known = list(terms)
    return name_decider(find_holder(known, Role.CHAIR, day), find_holder(known, DEPUTY, day), recused, opened_at)


def find_decider(terms: Iterable[Term], recused: Collection[UUID], day: date, opened_at: datetime) -> Decider | None:
    """As `require_decider`, with None where nobody may decide."""
    try:
        return require_decider(terms, recused, day, opened_at)
    except Refusal:
        return None


def find_silent_members(sitting: Sitting, deciding: UUID) -> frozenset[UUID]:
    """Who counts in this case and has not given an opinion yet.

    Whoever decides is left out: he or she speaks by deciding.
    """
    return sitting.eligible - sitting.spoken - {deciding}


def has_quorum(sitting: Sitting) -> bool:
    """Whether enough members are present who do not keep out of the case."""
    return len(sitting.eligible) >= sitting.quorum


def is_case_discussed(sitting: Sitting, deciding: UUID | None) -> bool:
    """Whether the case can be decided: a quorum of members without a conflict, every one of them has spoken, and
    `deciding`, who decides it, is there."""
    if deciding is None or deciding not in sitting.present:
        return False
    return has_quorum(sitting) and not find_silent_members(sitting, deciding)


def check_may_speak(sitting: Sitting, member: UUID) -> None:
    """A member speaks on a case when present and not recused (R1). Raises Forbidden."""
    if member not in sitting.present:
        raise Forbidden("not-present", N_("Anda tidak tercatat hadir dalam rapat ini."))
    if member in sitting.recused:
        raise Forbidden("recused", N_("Anda mengundurkan diri dari berkas ini karena benturan kepentingan."))


def check_may_decide(sitting: Sitting, deciding: Decider, actor: UUID) -> None:
    """Whether `actor` may decide this case now.

    Raises Forbidden `recused` or `not-decider` (R2, R13), Conflict `no-quorum` or `opinions-missing`.
    """
    if actor in sitting.recused:
        raise Forbidden("recused", N_("Anda mengundurkan diri dari berkas ini karena benturan kepentingan."))
    if actor != deciding.account:
        raise Forbidden(
            "not-decider",
            N_("Hanya ketua yang memutuskan; bila ketua mengundurkan diri, wakil yang ditunjuk sebelumnya."),
        )
    if actor not in sitting.present:
        raise Forbidden("not-present", N_("Anda tidak tercatat hadir dalam rapat ini."))
    if not has_quorum(sitting):
        raise Conflict(
            "no-quorum",
            N_("Kuorum tidak tercapai: {there} anggota tanpa benturan kepentingan hadir, {needed} diperlukan."),
            there=len(sitting.eligible),
            needed=sitting.quorum,
        )
    silent = find_silent_members(sitting, deciding.account)
    if silent:
        raise Conflict(
            "opinions-missing",
            N_("Masih ada {count} anggota yang belum memberikan pendapat atas berkas ini."),
            details={"members": sorted(str(member) for member in silent)},
            count=len(silent),
        )
