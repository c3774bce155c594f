"""Which step of an application may follow which (process 2.2 to 2.6)."""

from enum import StrEnum

from shared.errors import N_, Conflict


class State(StrEnum):
    """Where an application stands in registration; what happens to it afterwards is its timeline."""

    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    ADMITTED = "admitted"
    SELF_ASSESSED = "self_assessed"
    RETURNED_BY_ASSESSOR = "returned_by_assessor"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does to an application that moves it to another state."""

    FILE = "file"
    RETURN = "return"
    ADMIT = "admit"
    SUBMIT = "submit"
    RETURN_BY_ASSESSOR = "return_by_assessor"
    WITHDRAW = "withdraw"


MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.FILE): State.FILED,
    (State.RETURNED, Act.FILE): State.FILED,
    (State.FILED, Act.RETURN): State.RETURNED,
    (State.FILED, Act.ADMIT): State.ADMITTED,
    (State.ADMITTED, Act.SUBMIT): State.SELF_ASSESSED,
    (State.RETURNED_BY_ASSESSOR, Act.SUBMIT): State.SELF_ASSESSED,
    (State.SELF_ASSESSED, Act.RETURN_BY_ASSESSOR): State.RETURNED_BY_ASSESSOR,
} | {(state, Act.WITHDRAW): State.WITHDRAWN for state in State if state is not State.WITHDRAWN}

FORM_OPEN = frozenset({State.DRAFT, State.RETURNED})
"""FR-APL-01 may be changed: before filing, and to mend what was returned (process 2.3)."""

DOCUMENTS_OPEN = FORM_OPEN | {State.ADMITTED, State.RETURNED_BY_ASSESSOR}
"""Evidence may be added: also while FR-APL-02 is filled in or mended (process 2.5, 2.6)."""

SELF_ASSESSMENT_OPEN = frozenset({State.ADMITTED, State.RETURNED_BY_ASSESSOR})
"""FR-APL-02 opens only after FR-APL-01 has passed (process 2.4)."""

STATES: dict[State, str] = {
    State.DRAFT: N_("Rancangan"),
    State.FILED: N_("Diajukan, menunggu verifikasi"),
    State.RETURNED: N_("Dikembalikan untuk diperbaiki"),
    State.ADMITTED: N_("Dinyatakan lengkap, menunggu asesmen mandiri"),
    State.SELF_ASSESSED: N_("Asesmen mandiri dikirim"),
    State.RETURNED_BY_ASSESSOR: N_("Dikembalikan oleh asesor"),
    State.WITHDRAWN: N_("Ditarik kembali"),
}

_REFUSALS: dict[Act, tuple[str, str]] = {
    Act.FILE: (
        "application-not-draft",
        N_("Permohonan berstatus “{state}”; hanya rancangan atau permohonan yang dikembalikan yang dapat diajukan."),
    ),
    Act.RETURN: (
        "application-not-filed",
        N_("Permohonan berstatus “{state}”; hanya permohonan yang diajukan yang dapat dikembalikan."),
    ),
    Act.ADMIT: (
        "application-not-filed",
        N_("Permohonan berstatus “{state}”; hanya permohonan yang diajukan yang dapat dinyatakan lengkap."),
    ),
    Act.SUBMIT: (
        "self-assessment-not-open",
        N_("Permohonan berstatus “{state}”; asesmen mandiri dikirim setelah permohonan dinyatakan lengkap."),
    ),
    Act.RETURN_BY_ASSESSOR: (
        "self-assessment-not-submitted",
        N_("Permohonan berstatus “{state}”; asesor hanya mengembalikan berkas yang sudah dikirim."),
    ),
    Act.WITHDRAW: ("application-withdrawn", N_("Permohonan ini sudah ditarik kembali.")),
}


def apply_application_act(state: State, act: Act) -> State:
    """Return the state that `act` leads to. Raises Conflict when it may not be taken from `state`."""
    try:
        return MOVES[state, act]
    except KeyError:
        code, message = _REFUSALS[act]
        raise Conflict(code, message, details={"state": state.value}, state=STATES[state]) from None


class Stage(StrEnum):
    """What the applicant is told of the later stages, mirrored from their events (process 2.6 to 2.12)."""

    FILED = "filed"
    RETURNED = "returned"
    ADMITTED = "admitted"
    SELF_ASSESSED = "self_assessed"
    WITHDRAWN = "withdrawn"
    ASSESSOR_ASSIGNED = "assessor_assigned"
    PRE_ASSESSMENT_SCHEDULED = "pre_assessment_scheduled"
    RETURNED_BY_ASSESSOR = "returned_by_assessor"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_AGREED = "plan_agreed"
    SCHEDULED = "scheduled"
    POSTPONED = "postponed"
    RECOMMENDED = "recommended"
    DECIDED_K = "decided_k"
    DECIDED_BK = "decided_bk"
    AGREEMENT_REQUESTED = "agreement_requested"
    CERTIFIED = "certified"
    APPEAL_RECEIVED = "appeal_received"
    APPEAL_PANEL_NAMED = "appeal_panel_named"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    REASSESSMENT_ORDERED = "reassessment_ordered"
    CASE_CLOSED = "case_closed"


STAGES: dict[Stage, str] = {
    Stage.FILED: N_("Diajukan, menunggu verifikasi"),
    Stage.RETURNED: N_("Dikembalikan untuk diperbaiki"),
    Stage.ADMITTED: N_("Dinyatakan lengkap, menunggu asesmen mandiri"),
    Stage.SELF_ASSESSED: N_("Asesmen mandiri dikirim"),
    Stage.WITHDRAWN: N_("Ditarik kembali"),
    Stage.ASSESSOR_ASSIGNED: N_("Asesor ditugaskan"),
    Stage.PRE_ASSESSMENT_SCHEDULED: N_("Praasesmen dijadwalkan"),
    Stage.RETURNED_BY_ASSESSOR: N_("Dikembalikan oleh asesor"),
    Stage.PLAN_PROPOSED: N_("Rencana asesmen diusulkan"),
    Stage.PLAN_AGREED: N_("Rencana asesmen disepakati"),
    Stage.SCHEDULED: N_("Asesmen dijadwalkan"),
    Stage.POSTPONED: N_("Asesmen ditunda"),
    Stage.RECOMMENDED: N_("Sudah dinilai, menunggu keputusan"),
    Stage.DECIDED_K: N_("Kompeten (K)"),
    Stage.DECIDED_BK: N_("Belum Kompeten (BK)"),
    Stage.AGREEMENT_REQUESTED: N_("Kompeten (K), menunggu tanda tangan perjanjian"),
    Stage.CERTIFIED: N_("Sertifikat terbit"),
    Stage.APPEAL_RECEIVED: N_("Banding kami terima"),
    Stage.APPEAL_PANEL_NAMED: N_("Banding diperiksa"),
    Stage.APPEAL_UPHELD: N_("Banding dikabulkan"),
    Stage.APPEAL_REJECTED: N_("Banding ditolak"),
    Stage.REASSESSMENT_ORDERED: N_("Asesmen ulang ditetapkan"),
    Stage.CASE_CLOSED: N_("Selesai, Belum Kompeten (BK)"),
}

HAPPENED: dict[Stage, str] = {
    Stage.FILED: N_("Permohonan diajukan (putaran {round})."),
    Stage.RETURNED: N_("Permohonan dikembalikan untuk diperbaiki."),
    Stage.ADMITTED: N_("Permohonan dinyatakan lengkap."),
    Stage.SELF_ASSESSED: N_("Asesmen mandiri (FR-APL-02) dikirim."),
    Stage.WITHDRAWN: N_("Permohonan ditarik kembali."),
    Stage.ASSESSOR_ASSIGNED: N_("Asesor ditugaskan: {assessor}."),
    Stage.PRE_ASSESSMENT_SCHEDULED: N_("Konsultasi praasesmen dijadwalkan di {place}, {at}."),
    Stage.RETURNED_BY_ASSESSOR: N_("Asesor mengembalikan berkas untuk dilengkapi."),
    Stage.PLAN_PROPOSED: N_("Asesor mengusulkan rencana asesmen."),
    Stage.PLAN_AGREED: N_("Rencana asesmen disepakati."),
    Stage.SCHEDULED: N_("Asesmen dijadwalkan di {place}, {at}."),
    Stage.POSTPONED: N_("Asesmen ditunda: {reason}"),
    Stage.RECOMMENDED: N_("Asesmen telah dinilai; menunggu rapat keputusan."),
    Stage.DECIDED_K: N_("Keputusan: Kompeten (K)."),
    Stage.DECIDED_BK: N_("Keputusan: Belum Kompeten (BK)."),
    Stage.AGREEMENT_REQUESTED: N_("Perjanjian penggunaan sertifikat siap ditandatangani."),
    Stage.CERTIFIED: N_("Sertifikat {number} diterbitkan."),
    Stage.APPEAL_RECEIVED: N_("Banding kami terima."),
    Stage.APPEAL_PANEL_NAMED: N_("Panel banding dibentuk."),
    Stage.APPEAL_UPHELD: N_("Banding dikabulkan."),
    Stage.APPEAL_REJECTED: N_("Banding ditolak."),
    Stage.REASSESSMENT_ORDERED: N_("Asesmen ulang ke-{attempt} ditetapkan."),
    Stage.CASE_CLOSED: N_("Permohonan ini selesai dengan putusan Belum Kompeten (BK)."),
}

BEFORE_FILING = N_("Lengkapi formulir, unggah dokumen, lalu ajukan permohonan.")

NEXT: dict[Stage, str] = {
    Stage.FILED: N_("Sekretariat memeriksa kelengkapan berkas."),
    Stage.RETURNED: N_("Perbaiki bagian yang disebutkan, lalu ajukan lagi."),
    Stage.ADMITTED: N_("Isi dan kirim asesmen mandiri (FR-APL-02)."),
    Stage.SELF_ASSESSED: N_("Tunggu undangan konsultasi praasesmen dari asesor."),
    Stage.WITHDRAWN: N_("Anda dapat mengajukan permohonan baru kapan saja."),
    Stage.ASSESSOR_ASSIGNED: N_("Asesor menyatakan ketidakberpihakan, lalu menjadwalkan praasesmen."),
    Stage.PRE_ASSESSMENT_SCHEDULED: N_("Hadiri konsultasi praasesmen."),
    Stage.RETURNED_BY_ASSESSOR: N_("Lengkapi bukti dan asesmen mandiri, lalu kirim lagi."),
    Stage.PLAN_PROPOSED: N_("Baca dan setujui rencana asesmen (FR.AK.01)."),
    Stage.PLAN_AGREED: N_("Tunggu pengumuman tempat dan waktu asesmen."),
    Stage.SCHEDULED: N_("Hadiri asesmen dengan membawa berkas tercetak."),
    Stage.POSTPONED: N_("Tunggu pengumuman jadwal yang baru."),
    Stage.RECOMMENDED: N_("Ketua LSP memutuskan berdasarkan hasil rapat keputusan."),
    Stage.DECIDED_K: N_("Tanda tangani perjanjian penggunaan sertifikat."),
    Stage.DECIDED_BK: N_("Pilih jalan lanjutan di halaman keputusan: asesmen ulang atau banding."),
    Stage.AGREEMENT_REQUESTED: N_("Tanda tangani perjanjian penggunaan sertifikat."),
    Stage.CERTIFIED: N_("Laporkan surveilan setiap tahun selama sertifikat berlaku."),
    Stage.APPEAL_RECEIVED: N_("Panel banding dibentuk."),
    Stage.APPEAL_PANEL_NAMED: N_("Panel memeriksa banding Anda."),
    Stage.APPEAL_UPHELD: N_("Asesmen ulang dijadwalkan dengan asesor lain."),
    Stage.APPEAL_REJECTED: N_("Banding selesai; asesmen ulang masih dapat diminta di halaman keputusan."),
    Stage.REASSESSMENT_ORDERED: N_("Tunggu penugasan asesor untuk asesmen ulang."),
    Stage.CASE_CLOSED: N_("Anda dapat mengajukan permohonan baru untuk skema ini."),
}
