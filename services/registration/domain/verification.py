"""What the secretariat looks at, and what it may do with what it found (process 2.3, 2.4)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.registration.domain.application import KINDS, DocumentKind, Problems
from services.registration.domain.form import Form
from services.registration.domain.identity import Sex, list_nik_doubts, read_nik
from shared.contracts.words import Involvement
from shared.errors import N_, Conflict, Forbidden, Invalid
from shared.involvement.record import InvolvementRecord

OWN = N_("Permohonan sendiri diperiksa oleh petugas lain.")
HAS_PART = N_("Anda sudah mempunyai peran lain dalam permohonan ini; petugas lain yang memeriksanya.")
HAS_TIE = N_("Anda telah menyatakan benturan kepentingan dengan pemohon ini; petugas lain yang memeriksanya.")
OTHER_PARTS = (
    Involvement.ASSIGNED,
    Involvement.PRE_ASSESSED,
    Involvement.ASSESSED,
    Involvement.DECIDED,
    Involvement.HEARD_APPEAL,
)
"""What a verifier of the case has never been in it (R25)."""


class Verdict(StrEnum):
    """What the secretariat finds of one item (process 2.3)."""

    ADEQUATE = "adequate"
    INADEQUATE = "inadequate"
    ABSENT = "absent"


VERDICTS: dict[Verdict, str] = {
    Verdict.ADEQUATE: N_("Ada dan memadai"),
    Verdict.INADEQUATE: N_("Ada, tidak memadai"),
    Verdict.ABSENT: N_("Tidak ada"),
}

ITEMS: dict[str, str] = {
    "personal": N_("Data pribadi"),
    "education": N_("Riwayat pendidikan"),
    "trainings": N_("Riwayat pelatihan"),
    "work": N_("Pengalaman kerja"),
    **{kind.value: label for kind, label in KINDS.items()},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one item; anything but adequate needs a reason the applicant can act on."""

    item: str
    verdict: Verdict
    reason: str = ""


class Judged(BaseModel):
    """A finding as a round keeps it, under the item's code."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    reason: str = ""


def list_items_to_judge(form: Form, kinds: Collection[str], fee: int) -> list[str]:
    """Return the items the secretariat must judge: what the form claims, and each kind of evidence given or due.

    `kinds` are the kinds of documents in the file, `fee` is the scheme's in rupiah (process 2.3).
    """
    claimed = ["personal", "education"]
    claimed += ["trainings"] if form.trainings else []
    claimed += ["work"] if form.work else []
    due = {DocumentKind.PHOTO, DocumentKind.DIPLOMA} | ({DocumentKind.PAYMENT} if fee > 0 else set())
    return claimed + [kind.value for kind in DocumentKind if kind in due or kind.value in kinds]


def check_findings(findings: Iterable[Finding], expected: Collection[str]) -> None:
    """Raise Invalid where a finding names no item of this file, or says no without a reason."""
    wrong: Problems = {}
    for finding in findings:
        if finding.item not in expected:
            wrong[f"items.{finding.item}"] = N_("Butir ini tidak ada dalam berkas.")
        elif finding.verdict is not Verdict.ADEQUATE and not finding.reason.strip():
            wrong[f"items.{finding.item}"] = N_("Tulis alasannya, agar pemohon tahu apa yang harus diperbaiki.")
    if wrong:
        raise Invalid(
            "finding-incomplete", N_("Hasil pemeriksaan belum lengkap; perbaiki butir yang ditandai."), fields=wrong
        )


def require_reasons_to_return(verdicts: Mapping[str, Finding]) -> list[Finding]:
    """Return the findings that go back with the file (process 2.3). Raises Invalid when nothing was found wanting."""
    wanting = [finding for finding in verdicts.values() if finding.verdict is not Verdict.ADEQUATE]
    if not wanting:
        raise Invalid(
            "nothing-to-mend",
            N_("Tandai paling sedikit satu butir sebagai tidak memadai atau tidak ada, beserta alasannya."),
            fields={"items": N_("Semua butir memadai; terima permohonan ini.")},
        )
    return wanting


def check_every_item_adequate(verdicts: Mapping[str, Finding], expected: Iterable[str]) -> None:
    """Raise Conflict unless every expected item is present and adequate: only then is a file admitted (process 2.4)."""
    wrong = {}
    for item in expected:
        finding = verdicts.get(item)
        if finding is None:
            wrong[f"items.{item}"] = N_("Butir ini belum diperiksa.")
        elif finding.verdict is not Verdict.ADEQUATE:
            wrong[f"items.{item}"] = N_("Butir ini tidak memadai; kembalikan berkas kepada pemohon.")
    if wrong:
        raise Conflict(
            "file-incomplete",
            N_("Permohonan belum dapat dinyatakan lengkap; ada butir yang belum memadai."),
            fields=wrong,
        )


def check_verifier(verifier: object, applicant: object) -> None:
    """Raise Forbidden for the applicant: nobody verifies an application of their own (R25; ISO/IEC 17024 4.3)."""
    if verifier == applicant:
        raise Forbidden("own-application", OWN)


def check_verifier_uninvolved(verifier: UUID, record: InvolvementRecord) -> None:
    """Raise Forbidden for who has another part in the case (R25), or once declared a tie to the applicant (4.3)."""
    if verifier in record.list_people(*OTHER_PARTS):
        raise Forbidden("verifier-involved", HAS_PART)
    if verifier in record.list_people(Involvement.TIED):
        raise Forbidden("verifier-tied", HAS_TIE)


def list_doubts_of_form(form: Form) -> list[str]:
    """Return where NIK and form differ, as msgids for the verifier; never a refusal (domain handbook 3.4)."""
    try:
        nik = read_nik(form.personal.nik)
    except Invalid:
        return []
    sex = form.personal.sex
    return [doubt.message for doubt in list_nik_doubts(nik, form.personal.birth_date, Sex(sex) if sex else None)]
