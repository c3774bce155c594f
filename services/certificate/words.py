"""What states and choices are called."""

from collections.abc import Mapping
from enum import Enum

from services.certificate.agencies.domain import NAMES as AGENCY_NAMES
from services.certificate.bulk.domain import BATCH_NAMES
from services.certificate.checking.domain import CHECK_NAMES
from services.certificate.domain.requirements import REQUIREMENT_NAMES
from services.certificate.domain.states import STATE_NAMES, Act
from services.certificate.domain.versions import VERSION_NAMES
from services.certificate.paper.domain import PAPER_NAMES
from services.certificate.trust.domain import TRUST_NAMES
from shared.errors import N_

ACT_NAMES: Mapping[Enum, str] = {
    Act.ISSUE: N_("Diterbitkan"),
    Act.SUSPEND: N_("Penangguhan"),
    Act.REINSTATE: N_("Diberlakukan kembali"),
    Act.WITHDRAW: N_("Pencabutan"),
    Act.EXPIRE: N_("Masa berlaku berakhir"),
    Act.REISSUE: N_("Perbaikan data"),
    Act.REDUCE: N_("Pengurangan lingkup"),
    Act.VOID: N_("Pembatalan nomor"),
}

LABELS: tuple[Mapping[Enum, str], ...] = (
    STATE_NAMES,
    VERSION_NAMES,
    REQUIREMENT_NAMES,
    ACT_NAMES,
    CHECK_NAMES,
    AGENCY_NAMES,
    PAPER_NAMES,
    TRUST_NAMES,
    *BATCH_NAMES,
)
"""Apart, for members of two StrEnums with the same code are one key of a mapping."""
