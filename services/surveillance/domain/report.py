"""The holder's yearly report (domain handbook 7): what it holds, and what it must hold before it is handed in.

A draft may be incomplete; only its shape is checked. `list_report_gaps` says what is still missing, field by field.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.errors import N_
from shared.persons import is_same_name

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Fit(StrEnum):
    """How the position fits the certificate's scheme."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


class Frequency(StrEnum):
    """How often a unit of competency was used in the year."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    RARELY = "rarely"
    NEVER = "never"


FIT_NAMES: dict[Enum, str] = {
    Fit.FULLY: N_("Sesuai sepenuhnya"),
    Fit.PARTLY: N_("Sesuai sebagian"),
    Fit.NOT: N_("Tidak sesuai"),
}
FREQUENCY_NAMES: dict[Enum, str] = {
    Frequency.DAILY: N_("Setiap hari"),
    Frequency.WEEKLY: N_("Setiap minggu"),
    Frequency.MONTHLY: N_("Setiap bulan"),
    Frequency.RARELY: N_("Jarang"),
    Frequency.NEVER: N_("Tidak pernah"),
}


class Part(BaseModel):
    """A part of the report: unchangeable, and without fields that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitUse(Part):
    """How one unit was used; `frequency` and `last_used` stay empty until they are filled in."""

    unit: Line
    frequency: Frequency | None = None
    last_used: date | None = None


class Evidence(Part):
    """What shows the use: a title, and where it can be seen (a link or a text) or the document uploaded for it."""

    title: Line = ""
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    document: UUID | None = None


class Report(Part):
    """One year's report, as the holder fills it in. `None` and empty texts mean: not answered yet."""

    employed: bool | None = None
    employer: Line = ""
    work_unit: Line = ""
    position: Line = ""
    since: date | None = None
    decree_number: Line = ""
    fit: Fit | None = None
    fit_reason: Passage = ""
    units: Annotated[tuple[UnitUse, ...], Field(max_length=100)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=50)] = ()
    training: Passage = ""
    sanctioned: bool | None = None
    sanctions: Passage = ""
    changes: Passage = ""
    superior_name: Line = ""
    superior_position: Line = ""
    superior_statement: Passage = ""
    declared: bool = False
    signed_name: Line = ""


ANSWER = N_("Jawab ya atau tidak.")
FILL = N_("Isi bagian ini.")
CHOOSE = N_("Pilih salah satu.")
PAST = N_("Isi dengan tanggal yang sudah lewat.")
REASON = N_("Jelaskan alasannya.")
EXPLAIN = N_("Jelaskan pengaduan atau sanksi yang diterima.")
UNIT_FOREIGN = N_("Unit ini tidak ada pada sertifikat Anda.")
UNIT_TWICE = N_("Unit ini diisi lebih dari sekali.")
UNIT_MISSING = N_("Isi pemakaian setiap unit pada sertifikat Anda.")
REFERENCE = N_("Isi tautan atau keterangan, atau pilih dokumen yang diunggah.")
DOCUMENT_FOREIGN = N_("Dokumen ini tidak ada pada laporan Anda. Unggah dokumennya lebih dahulu.")
EVIDENCE = N_("Sebutkan sedikitnya satu bukti pemakaian kompetensi.")
DECLARE = N_("Setujui pernyataan sebelum mengirim laporan.")
SIGN = N_("Tulis nama Anda seperti pada sertifikat sebagai tanda tangan.")


def list_report_gaps(
    report: Report, *, units: Sequence[str], documents: Collection[UUID], holder_name: str, today: date
) -> dict[str, str]:
    """What is missing before `report` can be handed in: field path (`units.0.last_used`) -> what to do. Empty: nothing.

    `units` are the codes on the certificate, each of which is answered exactly once; `documents` were uploaded for the
    report; the signature must be `holder_name`, letters of any case.
    """
    found: dict[str, str] = {}
    for field, message in (
        *_placement(report, today),
        *_use(report, units, today),
        *_evidence(report, documents),
        *_standing(report),
        *_signature(report, holder_name),
    ):
        found.setdefault(field, message)
    return found


def _placement(report: Report, today: date) -> Iterator[tuple[str, str]]:
    """What is missing about the job; nothing is asked of who has none."""
    if report.employed is None:
        yield "employed", ANSWER
    if not report.employed:
        return
    for field in ("employer", "work_unit", "position", "superior_name", "superior_position", "superior_statement"):
        if not getattr(report, field):
            yield field, FILL
    if report.since is None or report.since > today:
        yield "since", PAST
    if report.fit is None:
        yield "fit", CHOOSE
    if report.fit in (Fit.PARTLY, Fit.NOT) and not report.fit_reason:
        yield "fit_reason", REASON


def _use(report: Report, units: Sequence[str], today: date) -> Iterator[tuple[str, str]]:
    """What is missing about how each unit was used; a unit taken from the certificate must not be answered (R16)."""
    seen: set[str] = set()
    for index, use in enumerate(report.units):
        if use.unit not in units:
            yield f"units.{index}.unit", UNIT_FOREIGN
        elif use.unit in seen:
            yield f"units.{index}.unit", UNIT_TWICE
        seen.add(use.unit)
        if use.frequency is None:
            yield f"units.{index}.frequency", CHOOSE
        elif use.frequency is not Frequency.NEVER and (use.last_used is None or use.last_used > today):
            yield f"units.{index}.last_used", PAST
    if not seen.issuperset(units):
        yield "units", UNIT_MISSING


def _evidence(report: Report, documents: Collection[UUID]) -> Iterator[tuple[str, str]]:
    """What is missing about the evidence; at least one piece as soon as any unit was used."""
    for index, item in enumerate(report.evidence):
        if not item.title:
            yield f"evidence.{index}.title", FILL
        if not item.reference and item.document is None:
            yield f"evidence.{index}.reference", REFERENCE
        if item.document is not None and item.document not in documents:
            yield f"evidence.{index}.document", DOCUMENT_FOREIGN
    used = any(use.frequency not in (None, Frequency.NEVER) for use in report.units)
    if used and not report.evidence:
        yield "evidence", EVIDENCE


def _standing(report: Report) -> Iterator[tuple[str, str]]:
    """What is missing about complaints and sanctions."""
    if report.sanctioned is None:
        yield "sanctioned", ANSWER
    if report.sanctioned and not report.sanctions:
        yield "sanctions", EXPLAIN


def _signature(report: Report, holder_name: str) -> Iterator[tuple[str, str]]:
    """What is missing about the declaration and the name that signs it."""
    if not report.declared:
        yield "declared", DECLARE
    if not is_same_name(report.signed_name, holder_name):
        yield "signed_name", SIGN
