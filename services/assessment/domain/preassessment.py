"""The consultation before the day: evidence, explanations, plan (process 2.6).

Its papers: FR-POA-01, FR-DAT-01, FR.AK.01 and, for reasonable adjustments, FR.AK.07.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from shared.errors import N_, Invalid


class Quality(StrEnum):
    """What evidence must be (VATM): valid, authentic, current, sufficient."""

    VALID = "valid"
    AUTHENTIC = "authentic"
    CURRENT = "current"
    SUFFICIENT = "sufficient"


QUALITY_NAMES: dict[Enum, str] = {
    Quality.VALID: N_("Valid"),
    Quality.AUTHENTIC: N_("Asli"),
    Quality.CURRENT: N_("Terkini"),
    Quality.SUFFICIENT: N_("Memadai"),
}


class Explanation(StrEnum):
    """What the candidate must have had explained, the appeal procedure among it (process 2.6)."""

    PROCESS = "process"
    CONTEXT = "context"
    STANDARD = "standard"
    SELF_ASSESSMENT = "self_assessment"
    APPEAL = "appeal"


EXPLANATION_NAMES: dict[Enum, str] = {
    Explanation.PROCESS: N_("Proses dan hasil asesmen"),
    Explanation.CONTEXT: N_("Konteks asesmen"),
    Explanation.STANDARD: N_("Standar kompetensi yang diujikan"),
    Explanation.SELF_ASSESSMENT: N_("Hasil asesmen mandiri"),
    Explanation.APPEAL: N_("Prosedur banding"),
}


class Briefing(StrEnum):
    """What both agree to keep to on the day."""

    RULES = "rules"
    ETHICS = "ethics"
    SAFETY = "safety"


BRIEFING_NAMES: dict[Enum, str] = {
    Briefing.RULES: N_("Tata tertib asesmen"),
    Briefing.ETHICS: N_("Aturan dan etika di tempat kerja"),
    Briefing.SAFETY: N_("Kesehatan dan keselamatan kerja"),
}


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """One document against FR-APL-01/02; where a quality is missing the note says what is."""

    document: str
    qualities: frozenset[Quality]
    note: str

    @property
    def passed(self) -> bool:
        """Whether the document has all four qualities."""
        return self.qualities == frozenset(Quality)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """FR-POA-01 and FR-DAT-01 for one unit: how its evidence is gathered, and with which instruments."""

    unit: str
    approach: str
    methods: tuple[str, ...]
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consultation:
    """All that the assessor notes down of one pre-assessment."""

    checks: tuple[EvidenceCheck, ...]
    explanations: frozenset[Explanation]
    briefings: frozenset[Briefing]
    plan: tuple[UnitPlan, ...]
    adjustments: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What a consultation is about: documents of the file, units of the case, the methods the scheme offers."""

    documents: Collection[str]
    units: Sequence[str]
    methods: Collection[str]
    adjustment_needed: bool


UNKNOWN_DOCUMENT = N_("Dokumen ini tidak ada dalam berkas.")
UNKNOWN_UNIT = N_("Unit ini tidak diases pada kasus ini.")
UNKNOWN_METHOD = N_("Metode ini tidak tersedia pada skema.")
TWICE = N_("Sudah disebut.")


def find_unknown_entries(consultation: Consultation, frame: Frame) -> dict[str, str]:
    """Field -> what to mend, for documents, units and methods that are noted but not the case's, or noted twice.

    Not even a draft may hold them.
    """
    fields: dict[str, str] = {}
    seen: set[str] = set()
    for index, check in enumerate(consultation.checks):
        if check.document not in frame.documents:
            fields[f"checks.{index}.document_id"] = UNKNOWN_DOCUMENT
        elif check.document in seen:
            fields[f"checks.{index}.document_id"] = TWICE
        seen.add(check.document)
    planned: set[str] = set()
    for index, unit in enumerate(consultation.plan):
        if unit.unit not in frame.units:
            fields[f"plan.{index}.unit"] = UNKNOWN_UNIT
        elif unit.unit in planned:
            fields[f"plan.{index}.unit"] = TWICE
        if set(unit.methods) - set(frame.methods):
            fields[f"plan.{index}.methods"] = UNKNOWN_METHOD
        planned.add(unit.unit)
    return fields


def find_plan_gaps(consultation: Consultation, frame: Frame) -> dict[str, str]:
    """Field -> what to mend, for everything still missing before the plan can be proposed (FR.AK.01).

    Evidence that is not good enough does not stop the plan: more may be brought on the day (process 2.6). Its note
    says what is missing.
    """
    fields: dict[str, str] = {}
    checked = {check.document for check in consultation.checks}
    for document in frame.documents:
        if document not in checked:
            fields[f"checks.{document}"] = N_("Dokumen ini belum diperiksa.")
    for index, check in enumerate(consultation.checks):
        if not check.passed and not check.note.strip():
            fields[f"checks.{index}.note"] = N_("Catat apa yang kurang dari dokumen ini.")
    for explanation in Explanation:
        if explanation not in consultation.explanations:
            fields[f"explanations.{explanation}"] = N_("Jelaskan dahulu kepada asesi.")
    for briefing in Briefing:
        if briefing not in consultation.briefings:
            fields[f"briefings.{briefing}"] = N_("Jelaskan dahulu kepada asesi.")
    fields |= _plan_gaps(consultation.plan, frame.units)
    if frame.adjustment_needed and not consultation.adjustments.strip():
        fields["adjustments"] = N_("Asesi meminta penyesuaian yang wajar: catat penyesuaiannya (FR.AK.07).")
    return fields


def _plan_gaps(plan: Sequence[UnitPlan], units: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    planned = {unit.unit for unit in plan}
    for unit in units:
        if unit not in planned:
            fields[f"plan.{unit}"] = N_("Rencana untuk unit ini belum ada.")
    for index, unit_plan in enumerate(plan):
        if not unit_plan.approach.strip():
            fields[f"plan.{index}.approach"] = N_("Isi pendekatan asesmen.")
        if not unit_plan.methods:
            fields[f"plan.{index}.methods"] = N_("Pilih paling sedikit satu metode.")
        if not any(tool.strip() for tool in unit_plan.tools):
            fields[f"plan.{index}.tools"] = N_("Sebutkan paling sedikit satu perangkat (FR-DAT-01).")
    return fields


def check_plan_draft(consultation: Consultation, frame: Frame) -> None:
    """Raises Invalid when a draft holds what the case does not have."""
    if fields := find_unknown_entries(consultation, frame):
        raise Invalid("plan-unknown", N_("Isian memuat yang tidak ada pada kasus ini."), fields=fields)


def check_plan_proposal(consultation: Consultation, frame: Frame) -> None:
    """Raises Invalid until everything the candidate is to agree to is there (FR.AK.01)."""
    check_plan_draft(consultation, frame)
    if fields := find_plan_gaps(consultation, frame):
        raise Invalid("plan-incomplete", N_("Pra-asesmen belum lengkap; lengkapi isian yang ditandai."), fields=fields)
