"""What states and choices are called."""

from collections.abc import Mapping
from enum import Enum

from services.decision.domain.appeals import Step, Vote
from services.decision.domain.impartiality import GROUND_TEXTS
from services.decision.domain.judging import Opinion
from services.decision.domain.roster import DEPUTY, OFFICES
from services.decision.domain.workflow import AppealState, CaseState, MeetingState
from services.decision.models import ItemState
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.security.roles import Role

OFFICE_NAMES: Mapping[str, str] = {
    Role.CHAIR: N_("Ketua LSP"),
    Role.HEAD_OF_GENERAL_AFFAIRS: N_("Kepala Bagian Umum"),
    Role.HEAD_OF_CERTIFICATION: N_("Kepala Bidang Sertifikasi"),
    Role.HEAD_OF_QUALITY_CONTROL: N_("Kepala Bidang Pengendali Mutu"),
    Role.HEAD_OF_STANDARDS: N_("Kepala Bidang Standardisasi"),
    DEPUTY: N_("Wakil ketua untuk berkas yang diundurkan ketua"),
}
"""Office code -> what it is called, in the order of the offices."""

LABELS: Mapping[Enum, str] = {
    **{office: OFFICE_NAMES[office] for office in OFFICES if isinstance(office, Role)},
    **dict(GROUND_TEXTS.items()),
    Judgement.K: N_("Kompeten"),
    Judgement.BK: N_("Belum Kompeten"),
    CaseState.AWAITING_MEETING: N_("Menunggu rapat"),
    CaseState.ON_AGENDA: N_("Dalam agenda rapat"),
    CaseState.DISCUSSED: N_("Sudah dibahas"),
    CaseState.DECIDED_K: N_("Diputuskan Kompeten"),
    CaseState.DECIDED_BK: N_("Diputuskan Belum Kompeten"),
    CaseState.APPEALED: N_("Dalam banding"),
    CaseState.REASSESSMENT_ORDERED: N_("Menunggu asesmen ulang"),
    CaseState.CLOSED: N_("Selesai"),
    MeetingState.CALLED: N_("Dipanggil"),
    MeetingState.OPEN: N_("Berlangsung"),
    MeetingState.CANCELLED: N_("Dibatalkan"),
    ItemState.PENDING: N_("Menunggu putusan"),
    ItemState.DECIDED: N_("Diputuskan"),
    ItemState.DEFERRED: N_("Ditunda"),
    Opinion.AGREES: N_("Setuju dengan rekomendasi"),
    Opinion.DIFFERS: N_("Berbeda dari rekomendasi"),
    Opinion.ABSTAINS: N_("Abstain"),
    AppealState.RECEIVED: N_("Diterima"),
    AppealState.IN_REVIEW: N_("Diperiksa panel"),
    AppealState.UPHELD: N_("Dikabulkan"),
    AppealState.DISMISSED: N_("Ditolak"),
    Vote.UPHOLD: N_("Kabulkan"),
    Vote.DISMISS: N_("Tolak"),
    Step.ACKNOWLEDGED: N_("Tanda terima diberikan"),
    Step.PANEL_NAMED: N_("Panel ditunjuk"),
    Step.PANEL_CHANGED: N_("Susunan panel berubah"),
    Step.OUTCOME: N_("Putusan banding diberitahukan"),
    Step.ENDED: N_("Banding berakhir"),
}
"""A word that two states share (`closed`, `received`) is called the same in both."""
