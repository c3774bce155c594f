"""Who may assess whom: R3, R4, R5, R10, R25 (ISO/IEC 17024 4.3, 5.2, 6.2, 9.4, 9.8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from uuid import UUID

from shared.contracts.words import Involvement
from shared.errors import N_, Conflict, Invalid
from shared.involvement.record import NOBODY, InvolvementRecord

TRAINING_YEARS = 2
"""R3: years after a training in which its trainer does not assess the trained."""


class Tie(StrEnum):
    """What an assessor declares about a candidate before seeing the file (R4)."""

    FAMILY = "family"
    SUPERIOR_OR_SUBORDINATE = "superior_or_subordinate"
    SAME_WORK_UNIT = "same_work_unit"
    TRAINER = "trainer"


TIE_NAMES: dict[Enum, str] = {
    Tie.FAMILY: N_("hubungan keluarga"),
    Tie.SUPERIOR_OR_SUBORDINATE: N_("atasan atau bawahan"),
    Tie.SAME_WORK_UNIT: N_("satu unit kerja"),
    Tie.TRAINER: N_("pelatih atau pengajar asesi"),
}


def subtract_years(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, slots=True)
class Declaration:
    """`trainer`: is the candidate's trainer; `trained_on`: last day of a training given to the candidate, if ever."""

    family: bool
    superior_or_subordinate: bool
    same_work_unit: bool
    trainer: bool
    trained_on: date | None

    def ties(self, day: date) -> frozenset[Tie]:
        """What stands in the way on `day`; none means impartial.

        A training counts for two years (R3); the same work unit (R4) stands in the way like any other tie.
        """
        found = {tie for tie in Tie if getattr(self, tie.value)}
        if self.trained_on is not None and self.trained_on >= subtract_years(day, TRAINING_YEARS):
            found.add(Tie.TRAINER)
        return frozenset(found)


def check_declaration_date(declaration: Declaration, day: date) -> None:
    """Refuse a training in the future: the date would hide a conflict or invent one."""
    if declaration.trained_on is not None and declaration.trained_on > day:
        raise Invalid(
            "declaration-date",
            N_("Tanggal pelatihan tidak boleh di masa depan."),
            fields={"trained_on": N_("Isi tanggal hari ini atau sebelumnya.")},
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """An assessor as the register knows him or her: MET number's last valid day and scheme ids."""

    assessor_id: UUID
    valid_until: date
    schemes: frozenset[str]
    active: bool


@dataclass(frozen=True, slots=True)
class Candidacy:
    """The case as far as it bears on the choice of assessor; `record` is who was ever involved in it, as what."""

    applicant_id: UUID
    verifier_id: UUID
    scheme_id: str
    excluded: frozenset[UUID]
    record: InvolvementRecord = NOBODY


class Obstacle(StrEnum):
    """Why somebody may not assess a case; the value is the code of the refusal."""

    INACTIVE = "assessor-inactive"
    APPLICANT = "assessor-is-applicant"
    VERIFIER = "assessor-is-verifier"
    DECIDED = "assessor-decided"
    EXCLUDED = "assessor-excluded"
    CONFLICT = "assessor-conflict"
    EXPIRED = "assessor-registration-expired"
    SCHEME = "assessor-scheme"


OBSTACLES: dict[Obstacle, str] = {
    Obstacle.INACTIVE: N_("Asesor ini tidak aktif. Pilih asesor lain."),
    Obstacle.APPLICANT: N_("Asesor ini adalah asesi pada kasus ini. Pilih asesor lain."),
    Obstacle.VERIFIER: N_("Asesor ini telah memverifikasi berkas kasus ini. Pilih asesor lain."),
    Obstacle.DECIDED: N_("Asesor ini telah ikut memutuskan kasus ini. Pilih asesor lain."),
    Obstacle.EXCLUDED: N_("Asesor ini telah mengases asesi pada kasus sebelumnya. Pilih asesor lain."),
    Obstacle.CONFLICT: N_("Asesor ini telah menyatakan konflik kepentingan dengan asesi. Pilih asesor lain."),
    Obstacle.EXPIRED: N_("Registrasi MET asesor tidak berlaku pada hari asesmen. Pilih asesor lain atau perbarui MET."),
    Obstacle.SCHEME: N_("Registrasi MET asesor tidak mencakup skema ini. Pilih asesor lain."),
}


def find_registration_obstacles(assessor: Registration, scheme_id: str, day: date) -> list[Obstacle]:
    """R5: on `day` the assessor is active, the MET registration valid, and it covers the scheme."""
    found = [] if assessor.active else [Obstacle.INACTIVE]
    if assessor.valid_until < day:
        found.append(Obstacle.EXPIRED)
    if scheme_id not in assessor.schemes:
        found.append(Obstacle.SCHEME)
    return found


def find_assessor_obstacles(
    assessor: Registration, case: Candidacy, declared: Collection[Declaration], day: date
) -> list[Obstacle]:
    """All that keeps `assessor` from `case` on `day` (R3, R4, R10, R25), none when nothing does.

    `declared` are earlier declarations about the same candidate: a tie or a work unit once declared counts again.
    The record knows those who judged an item in any round, and ties declared in other stages.
    """
    person, record = assessor.assessor_id, case.record
    checks = {
        Obstacle.APPLICANT: person == case.applicant_id,
        Obstacle.VERIFIER: person == case.verifier_id or person in record.list_people(Involvement.VERIFIED),
        Obstacle.DECIDED: person in record.list_people(Involvement.DECIDED),
        Obstacle.EXCLUDED: person in case.excluded,
        Obstacle.CONFLICT: person in record.list_people(Involvement.TIED)
        or any(declaration.ties(day) for declaration in declared),
    }
    found = [obstacle for obstacle, stands in checks.items() if stands]
    return found + find_registration_obstacles(assessor, case.scheme_id, day)


def refuse_obstacles(found: list[Obstacle]) -> None:
    """Raise Conflict for the first obstacle, naming all in its details; nothing when there is none."""
    if found:
        raise Conflict(found[0].value, OBSTACLES[found[0]], details={"obstacles": [each.value for each in found]})
