"""What states and choices are called."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from services.registration.domain.accounts import AccountState
from services.registration.domain.application import KINDS
from services.registration.domain.form import PURPOSES, EducationLevel, Sex
from services.registration.domain.verification import VERDICTS
from services.registration.domain.workflow import STAGES, STATES
from services.registration.models import PhotoState
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.schemes import Method

OWN: Mapping[Enum, str] = {
    AccountState.ACTIVE: N_("Aktif"),
    AccountState.DEACTIVATED: N_("Nonaktif"),
    Judgement.K: N_("Kompeten (K)"),
    Judgement.BK: N_("Belum Kompeten (BK)"),
    PhotoState.PREPARED: N_("Siap dicetak"),
    PhotoState.NEEDED: N_("Perlu foto lain"),
    Sex.MALE: N_("Laki-laki"),
    Sex.FEMALE: N_("Perempuan"),
    EducationLevel.SLTA: N_("SLTA atau sederajat"),
    EducationLevel.D4_S1: N_("D4 atau S1"),
    Method.PORTFOLIO: N_("Portofolio"),
    Method.INTERVIEW: N_("Wawancara"),
    Method.OBSERVATION: N_("Observasi"),
    Method.WRITTEN: N_("Tes tertulis"),
    Method.ORAL: N_("Tes lisan"),
    Method.THIRD_PARTY: N_("Keterangan pihak ketiga"),
}

LABELS: tuple[Mapping[Any, str], ...] = (OWN, STATES, STAGES, KINDS, PURPOSES, VERDICTS)
"""Kept apart: a state and a stage may have the same code, and would be one key."""
