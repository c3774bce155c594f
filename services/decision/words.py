"""Labels: what states and choices are called on pages and in minutes."""

from collections.abc import Mapping

from services.decision.domain.appeals import Step, Vote
from services.decision.domain.deviations import DEVIATION_TEXTS
from services.decision.domain.impartiality import GROUND_TEXTS
from services.decision.domain.judging import Opinion
from services.decision.domain.proposals import ProposalKind, ProposalState
from services.decision.domain.roster import DEPUTY
from services.decision.domain.workflow import AppealState, CaseState, MeetingState
from services.decision.models import ItemState
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.schemes import Method
from shared.security.roles import Role

OFFICE_NAMES: Mapping[str, str] = {
    Role.CHAIR: N_("Ketua LSP"),
    Role.HEAD_OF_GENERAL_AFFAIRS: N_("Kepala Bagian Umum"),
    Role.HEAD_OF_CERTIFICATION: N_("Kepala Bidang Sertifikasi"),
    Role.HEAD_OF_QUALITY_CONTROL: N_("Kepala Bidang Pengendali Mutu"),
    Role.HEAD_OF_STANDARDS: N_("Kepala Bidang Standardisasi"),
    DEPUTY: N_("Wakil ketua"),
}
"""Office code -> what it is called, in the order of the offices."""

JUDGEMENT_NAMES = {
    Judgement.K: N_("Kompeten"),
    Judgement.BK: N_("Belum Kompeten"),
}

CASE_STATE_NAMES = {
    CaseState.AWAITING_MEETING: N_("Menunggu rapat"),
    CaseState.ON_AGENDA: N_("Dalam agenda rapat"),
    CaseState.DISCUSSED: N_("Sudah dibahas"),
    CaseState.DECIDED_K: N_("Diputuskan Kompeten"),
    CaseState.DECIDED_BK: N_("Diputuskan Belum Kompeten"),
    CaseState.APPEALED: N_("Dalam banding"),
    CaseState.REASSESSMENT_ORDERED: N_("Menunggu asesmen ulang"),
    CaseState.CLOSED: N_("Selesai"),
}

MEETING_STATE_NAMES = {
    MeetingState.CALLED: N_("Dipanggil"),
    MeetingState.OPEN: N_("Berlangsung"),
    MeetingState.CLOSED: N_("Ditutup"),
    MeetingState.CANCELLED: N_("Dibatalkan"),
}

ITEM_STATE_NAMES = {
    ItemState.PENDING: N_("Menunggu putusan"),
    ItemState.DECIDED: N_("Diputuskan"),
    ItemState.DEFERRED: N_("Ditunda"),
}

OPINION_NAMES = {
    Opinion.AGREES: N_("Setuju dengan rekomendasi"),
    Opinion.DIFFERS: N_("Berbeda dari rekomendasi"),
    Opinion.ABSTAINS: N_("Abstain"),
}

APPEAL_STATE_NAMES = {
    AppealState.RECEIVED: N_("Menunggu panel"),
    AppealState.IN_REVIEW: N_("Diperiksa panel"),
    AppealState.UPHELD: N_("Dikabulkan"),
    AppealState.DISMISSED: N_("Ditolak"),
}

VOTE_NAMES = {
    Vote.UPHOLD: N_("Kabulkan"),
    Vote.DISMISS: N_("Tolak"),
}

STEP_NAMES = {
    Step.RECEIVED: N_("Banding kami terima"),
    Step.ACKNOWLEDGED: N_("Tanda terima diberikan"),
    Step.PANEL_NAMED: N_("Panel ditunjuk"),
    Step.PANEL_CHANGED: N_("Susunan panel berubah"),
    Step.OUTCOME: N_("Putusan banding diberitahukan"),
    Step.ENDED: N_("Banding berakhir"),
}

PROPOSAL_STATE_NAMES = {
    ProposalState.OPEN: N_("Menunggu persetujuan"),
    ProposalState.CONFIRMED: N_("Disetujui"),
    ProposalState.REFUSED: N_("Tidak disetujui"),
    ProposalState.WITHDRAWN: N_("Ditarik pengusul"),
    ProposalState.LAPSED: N_("Gugur karena waktu"),
}

PROPOSAL_KIND_NAMES = {
    ProposalKind.NAME: N_("Penunjukan"),
    ProposalKind.END: N_("Pengakhiran masa jabatan"),
}

METHOD_NAMES = {
    Method.PORTFOLIO: N_("Portofolio"),
    Method.INTERVIEW: N_("Wawancara"),
    Method.OBSERVATION: N_("Observasi"),
    Method.WRITTEN: N_("Tes tertulis"),
    Method.ORAL: N_("Tes lisan"),
    Method.THIRD_PARTY: N_("Pihak ketiga"),
}

LABELS = (
    PROPOSAL_STATE_NAMES,
    PROPOSAL_KIND_NAMES,
    DEVIATION_TEXTS,
    METHOD_NAMES,
    GROUND_TEXTS,
    JUDGEMENT_NAMES,
    CASE_STATE_NAMES,
    MEETING_STATE_NAMES,
    ITEM_STATE_NAMES,
    OPINION_NAMES,
    APPEAL_STATE_NAMES,
    VOTE_NAMES,
    STEP_NAMES,
)
"""All labels. One mapping for each kind, since members of two StrEnums with the same value are the same key."""
