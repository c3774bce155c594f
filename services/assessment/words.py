"""Labels: what states and choices are called on pages."""

from collections.abc import Mapping
from enum import Enum

from services.assessment.domain.impartiality import TIE_NAMES
from services.assessment.domain.paperfile import TICK_NAMES
from services.assessment.domain.preassessment import BRIEFING_NAMES, EXPLANATION_NAMES, QUALITY_NAMES
from services.assessment.domain.venue import KIND_NAMES
from services.assessment.domain.workflow import STATE_NAMES
from services.assessment.models.sittings import SITTING_STATE_NAMES
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.schemes import Method

METHOD_NAMES: dict[Enum, str] = {
    Method.PORTFOLIO: N_("Portofolio"),
    Method.INTERVIEW: N_("Wawancara"),
    Method.OBSERVATION: N_("Observasi"),
    Method.WRITTEN: N_("Tes tertulis"),
    Method.ORAL: N_("Tes lisan"),
    Method.THIRD_PARTY: N_("Pihak ketiga"),
}

JUDGEMENT_NAMES: dict[Enum, str] = {
    Judgement.K: N_("Kompeten (K)"),
    Judgement.BK: N_("Belum kompeten (BK)"),
}

LABELS: Mapping[Enum, str] = {
    **STATE_NAMES,
    **SITTING_STATE_NAMES,
    **KIND_NAMES,
    **TIE_NAMES,
    **TICK_NAMES,
    **QUALITY_NAMES,
    **EXPLANATION_NAMES,
    **BRIEFING_NAMES,
    **METHOD_NAMES,
    **JUDGEMENT_NAMES,
}
