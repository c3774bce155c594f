"""The paper file the candidate brings on the day (domain handbook 3.3, from the published requirements)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from shared.errors import N_, Invalid


class Tick(StrEnum):
    """What the assessor found of one item of the paper file."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"


TICK_NAMES: dict[Enum, str] = {
    Tick.PRESENT: N_("Ada"),
    Tick.ABSENT: N_("Tidak ada"),
    Tick.NOT_APPLICABLE: N_("Tidak berlaku"),
}


@dataclass(frozen=True, slots=True)
class PaperItem:
    """`conditional`: asked of some candidates only, so that *not applicable* is an answer."""

    code: str
    title: str
    conditional: bool = False


PAPER_FILE = (
    PaperItem("apl_01", N_("Formulir FR-APL-01")),
    PaperItem("apl_02", N_("Formulir FR-APL-02")),
    PaperItem("photos", N_("Pas foto 3x4 latar merah, 2 lembar")),
    PaperItem("identity_card", N_("Fotokopi KTP")),
    PaperItem("diploma", N_("Fotokopi ijazah")),
    PaperItem("employment", N_("Fotokopi SK pengangkatan atau surat keterangan bekerja")),
    PaperItem("functional_decree", N_("Fotokopi SK fungsional pustakawan (bagi pejabat fungsional)"), conditional=True),
    PaperItem("recommendation", N_("Surat rekomendasi atau izin atasan")),
    PaperItem("curriculum_vitae", N_("Daftar riwayat hidup")),
    PaperItem("duty_stamps", N_("Meterai Rp10.000, 2 lembar")),
    PaperItem("proof_of_competence", N_("Bukti kompetensi")),
)

BRING = (*(item.title for item in PAPER_FILE), N_("Alat tulis"))
"""What the announcement of the day tells the candidate to bring (process 2.7)."""


def check_paper_file(ticks: Mapping[str, Tick]) -> None:
    """Refuse readiness while something is absent or not looked at; `fields` names each item. Raises Invalid."""
    fields: dict[str, str] = {}
    for item in PAPER_FILE:
        tick = ticks.get(item.code)
        if tick is None:
            fields[f"checklist.{item.code}"] = N_("Belum diperiksa.")
        elif tick is Tick.ABSENT:
            fields[f"checklist.{item.code}"] = N_("Belum dibawa asesi.")
        elif tick is Tick.NOT_APPLICABLE and not item.conditional:
            fields[f"checklist.{item.code}"] = N_("Wajib bagi semua asesi.")
    known = {item.code for item in PAPER_FILE}
    for code in ticks.keys() - known:
        fields[f"checklist.{code}"] = N_("Tidak ada dalam daftar berkas.")
    if fields:
        raise Invalid(
            "paper-file",
            N_("Berkas fisik asesi belum lengkap. Lengkapi atau tunda asesmen."),
            fields=fields,
        )
