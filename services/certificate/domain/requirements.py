"""What must be met before a certificate exists (R11, R17; ISO/IEC 17024 9.4, 9.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from shared.contracts.words import Judgement
from shared.errors import N_


class Requirement(StrEnum):
    """One thing that must be met before a certificate exists (R11, R17)."""

    ALL_UNITS_COMPETENT = "all_units_competent"
    FORMS_SIGNED = "forms_signed"
    DECISION_RECORDED = "decision_recorded"
    AGREEMENT_SIGNED = "agreement_signed"
    PHOTO_PREPARED = "photo_prepared"
    NAME_PRINTABLE = "name_printable"


REQUIREMENT_NAMES: Mapping[Enum, str] = {
    Requirement.ALL_UNITS_COMPETENT: N_("Semua unit dinyatakan kompeten"),
    Requirement.FORMS_SIGNED: N_("FR-APL-01 dan FR-APL-02 ditandatangani"),
    Requirement.DECISION_RECORDED: N_("Keputusan ketua tercatat"),
    Requirement.AGREEMENT_SIGNED: N_("Perjanjian penggunaan sertifikat ditandatangani"),
    Requirement.PHOTO_PREPARED: N_("Foto pemegang siap dicetak"),
    Requirement.NAME_PRINTABLE: N_("Nama dapat dicetak"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one application on the way to its certificate."""

    judgements: Mapping[str, Judgement]
    forms_signed_at: datetime | None
    decided_at: datetime | None
    file_hash: str
    agreed_at: datetime | None
    name_printable: bool
    photo_prepared: bool


def list_unmet_requirements(standing: Standing) -> list[Requirement]:
    """What is still missing, in the order of the process; empty when the certificate may be numbered.

    A decision without the hash of the frozen file it rests on is none (R12).
    """
    missing = {
        Requirement.FORMS_SIGNED: standing.forms_signed_at is None,
        Requirement.DECISION_RECORDED: standing.decided_at is None or not standing.file_hash,
        Requirement.ALL_UNITS_COMPETENT: not standing.judgements or Judgement.BK in standing.judgements.values(),
        Requirement.AGREEMENT_SIGNED: standing.agreed_at is None,
        Requirement.PHOTO_PREPARED: not standing.photo_prepared,
        Requirement.NAME_PRINTABLE: not standing.name_printable,
    }
    return [requirement for requirement, is_missing in missing.items() if is_missing]
