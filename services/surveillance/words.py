"""What states and choices of surveillance are called on pages (msgids)."""

from collections.abc import Mapping
from enum import Enum

from services.surveillance.domain.report import FIT_NAMES, FREQUENCY_NAMES
from services.surveillance.domain.workflow import STATE_NAMES, Outcome
from services.surveillance.models import STATUS_NAMES
from services.surveillance.queries.inventory import RENEWAL_NAMES
from shared.errors import N_

OUTCOMES = (
    (Outcome.MAINTAINED, N_("Dipertahankan")),
    (Outcome.CLARIFICATION_NEEDED, N_("Perlu klarifikasi")),
    (Outcome.SUSPENSION_PROPOSED, N_("Usulkan penangguhan")),
    (Outcome.WITHDRAWAL_PROPOSED, N_("Usulkan pencabutan")),
)
"""What a reviewer may choose. Apart from LABELS, where an outcome and the state of the same code would be one key."""

LABELS: Mapping[Enum, str] = {
    **STATE_NAMES,
    **STATUS_NAMES,
    **FIT_NAMES,
    **FREQUENCY_NAMES,
    **RENEWAL_NAMES,
}
