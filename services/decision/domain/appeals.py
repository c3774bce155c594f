"""Appeals and the re-assessments they order (process 2.10; R9, R10, R28)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.decision.domain.judging import find_unknown_units
from shared.errors import N_, Conflict, Invalid

MAX_REASSESSMENTS = 3
"""Per person and unit, over a chain of applications that is not new (R28, process 2.10).

The assessment counts for itself, by `MOST` in services/assessment/domain/reassessment.py.
"""


class Vote(StrEnum):
    """What a panel member wants to become of the appeal."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"


class Step(StrEnum):
    """What the appellant is told, each with its time (R9)."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    PANEL_NAMED = "panel_named"
    PANEL_CHANGED = "panel_changed"
    OUTCOME = "outcome"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision as an appellant finds it: its BK units, until when it can be appealed, re-assessments had per unit."""

    not_competent: tuple[str, ...]
    until: datetime
    had: Mapping[str, int]


def find_used_up_units(units: Iterable[str], had: Mapping[str, int]) -> list[str]:
    """Of `units`, those that were re-assessed three times already (R28)."""
    return sorted(unit for unit in units if had.get(unit, 0) >= MAX_REASSESSMENTS)


def check_appeal(standing: Standing, units: Collection[str], reasons: str, now: datetime) -> None:
    """Whether this appeal can be received.

    Raises Invalid (fields), Conflict `appeal-too-late` or Conflict `reassessments-used-up`.

    What an upheld appeal could not order is refused now, with the advice to file a new application (R28).
    """
    if now > standing.until:
        raise Conflict(
            "appeal-too-late",
            N_("Batas waktu banding sudah lewat. Anda dapat mengajukan permohonan baru."),
            details={"appeal_until": standing.until.isoformat()},
        )
    fields = {}
    if not reasons.strip():
        fields["reasons"] = N_("Tuliskan alasan banding.")
    if not units:
        fields["units"] = N_("Pilih setidaknya satu unit.")
    elif find_unknown_units(units, standing.not_competent):
        fields["units"] = N_("Banding hanya untuk unit yang diputuskan Belum Kompeten.")
    if fields:
        raise Invalid("appeal-incomplete", N_("Banding belum lengkap; perbaiki isian yang ditandai."), fields=fields)
    spent = find_used_up_units(units, standing.had)
    if spent:
        raise Conflict(
            "reassessments-used-up",
            N_("Unit {units} sudah tiga kali dinilai ulang. Silakan ajukan permohonan baru untuk unit tersebut."),
            details={"units": spent},
            units=", ".join(spent),
        )


def number_reassessments(units: Iterable[str], had: Mapping[str, int]) -> dict[str, int]:
    """The number each unit's re-assessment gets, 1 to 3. Raises Conflict `reassessments-used-up` (R28)."""
    units = list(units)
    spent = find_used_up_units(units, had)
    if spent:
        raise Conflict(
            "reassessments-used-up",
            N_("Unit {units} sudah tiga kali dinilai ulang. Silakan ajukan permohonan baru untuk unit tersebut."),
            details={"units": spent},
            units=", ".join(spent),
        )
    return {unit: had.get(unit, 0) + 1 for unit in units}


def is_appeal_upheld(votes: Collection[Vote | None]) -> bool:
    """Whether the appeal is upheld: the majority of a full panel. Raises Conflict `votes-missing` before that."""
    if not votes or any(vote is None for vote in votes):
        raise Conflict("votes-missing", N_("Belum semua anggota panel memberikan suara."))
    return sum(vote is Vote.UPHOLD for vote in votes) * 2 > len(votes)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier application of the same person: last decided when (None: never), and whether it is still pursued."""

    decided_at: datetime | None
    pursued: bool


def is_new_application(filed_at: datetime, earlier: Earlier) -> bool:
    """Whether an application filed at `filed_at` starts counting re-assessments anew beside `earlier` (process 2.10).

    New is what was filed after the earlier one was decided and is not pursued further; a second application running
    beside the first would otherwise be a way around the limit.
    """
    return earlier.decided_at is not None and filed_at >= earlier.decided_at and not earlier.pursued
