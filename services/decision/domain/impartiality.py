"""Who must keep out of a case: of the decision (R1, R25) and of the panel that hears an appeal (R7)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import N_, Conflict, Invalid
from shared.security.roles import OFFICERS, Role


class Ground(StrEnum):
    """Why somebody keeps out: found by the system itself, but for those that can be declared (`DECLARABLE`)."""

    ASSESSOR = "assessor"
    VERIFIER = "verifier"
    APPLICANT = "applicant"
    TRAINER = "trainer"
    FAMILY = "family"
    HIERARCHY = "hierarchy"
    SAME_UNIT = "same_unit"
    OTHER = "other"
    TIED = "tied"
    DECISION_MAKER = "decision_maker"
    NO_ROLE = "no_role"
    INACTIVE = "inactive"


DECLARABLE = (Ground.TRAINER, Ground.FAMILY, Ground.HIERARCHY, Ground.SAME_UNIT, Ground.OTHER)

GROUND_TEXTS = {
    Ground.ASSESSOR: N_("asesor pada berkas ini"),
    Ground.VERIFIER: N_("verifikator berkas ini"),
    Ground.APPLICANT: N_("pemohon pada berkas ini"),
    Ground.TRAINER: N_("pernah melatih asesi"),
    Ground.FAMILY: N_("hubungan keluarga dengan asesi"),
    Ground.HIERARCHY: N_("atasan atau bawahan asesi"),
    Ground.SAME_UNIT: N_("satu unit kerja dengan asesi"),
    Ground.OTHER: N_("benturan kepentingan lain"),
    Ground.TIED: N_("pernah menyatakan benturan kepentingan dengan asesi"),
    Ground.DECISION_MAKER: N_("ikut dalam rapat keputusan atas berkas ini"),
    Ground.NO_ROLE: N_("bukan pejabat, asesor, petugas pengaduan, atau sekretariat"),
    Ground.INACTIVE: N_("akun tidak aktif"),
}

PANEL_ROLES = frozenset({*OFFICERS, Role.ASSESSOR, Role.COMPLAINTS_OFFICER, Role.SECRETARIAT})
"""Who may sit on a panel: the five officers usually all took part, so the body's other people come in."""

PANEL_SIZE = 3


@dataclass(frozen=True, slots=True)
class Involved:
    """Who had a hand in a case, over all its attempts and rounds, whether it ended well or not.

    `decision_makers` sat in a meeting that dealt with it. `tied` have declared a tie to the candidate, `trainers` have
    taught them, in whatever case that was said.
    """

    applicant: UUID
    assessors: frozenset[UUID]
    verifiers: frozenset[UUID]
    decision_makers: frozenset[UUID] = frozenset()
    tied: frozenset[UUID] = frozenset()
    trainers: frozenset[UUID] = frozenset()


def find_conflicts(involved: Involved, member: UUID) -> list[Ground]:
    """Why `member` may not take part in deciding the case, as far as the records show (R1, R25, ISO/IEC 17024 9.4)."""
    parts = {
        Ground.ASSESSOR: involved.assessors,
        Ground.VERIFIER: involved.verifiers,
        Ground.APPLICANT: {involved.applicant},
        Ground.TIED: involved.tied,
        Ground.TRAINER: involved.trainers,
    }
    return [ground for ground, people in parts.items() if member in people]


def check_recusal(ground: Ground, reason: str) -> None:
    """A declared conflict names its ground and, in words, what it is; both go into the record (R1)."""
    if ground not in DECLARABLE:
        raise Invalid(
            "ground-not-declarable",
            N_("Alasan ini dicatat oleh sistem sendiri; pilih alasan lain."),
            fields={"ground": N_("Pilih salah satu alasan yang tersedia.")},
        )
    if not reason.strip():
        raise Invalid(
            "recusal-reason-missing",
            N_("Jelaskan benturan kepentingan secara singkat."),
            fields={"reason": N_("Jelaskan secara singkat.")},
        )


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody named for a panel."""

    account: UUID
    name: str
    roles: frozenset[str]
    active: bool


def find_panel_obstacles(involved: Involved, nominee: Nominee) -> list[Ground]:
    """Why `nominee` may not hear the appeal (R7, ISO/IEC 17024 9.8)."""
    found = find_conflicts(involved, nominee.account)
    if nominee.account in involved.decision_makers:
        found.append(Ground.DECISION_MAKER)
    if nominee.roles.isdisjoint(PANEL_ROLES):
        found.append(Ground.NO_ROLE)
    if not nominee.active:
        found.append(Ground.INACTIVE)
    return found


def check_panel(involved: Involved, nominees: Collection[Nominee]) -> None:
    """Three different people without a part in the case; refused with who and why (R7)."""
    if len(nominees) != PANEL_SIZE or len({nominee.account for nominee in nominees}) != PANEL_SIZE:
        raise Invalid(
            "panel-size",
            N_("Panel banding terdiri atas tiga orang yang berbeda."),
            fields={"panel": N_("Pilih tepat tiga orang yang berbeda.")},
        )
    check_impartial_panel(involved, nominees)


def check_impartial_panel(involved: Involved, nominees: Collection[Nominee]) -> None:
    """Nobody with a part in the case; refused with who and why (R7). Raises Conflict `panel-not-impartial`."""
    obstacles = {nominee: find_panel_obstacles(involved, nominee) for nominee in nominees}
    refused = {nominee: grounds for nominee, grounds in obstacles.items() if grounds}
    if refused:
        raise Conflict(
            "panel-not-impartial",
            N_("Tidak dapat menjadi anggota panel: {who}. Pilih orang lain yang tidak terlibat dalam berkas ini."),
            details={"refused": [_refusal(nominee, grounds) for nominee, grounds in refused.items()]},
            who="; ".join(f"{nominee.name} ({_listed(grounds)})" for nominee, grounds in refused.items()),
        )


def _listed(grounds: Iterable[Ground]) -> str:
    return ", ".join(GROUND_TEXTS[ground] for ground in grounds)


def _refusal(nominee: Nominee, grounds: Iterable[Ground]) -> dict[str, object]:
    return {"account_id": str(nominee.account), "name": nominee.name, "grounds": [ground.value for ground in grounds]}
