"""FR-APL-02: how the candidate sees each element, and the evidence that shows it (process 2.5)."""

from collections.abc import Collection, Iterable
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.registration.domain.application import Problems
from services.registration.domain.form import Code, Lines, Section
from shared.contracts.words import Judgement
from shared.documents import find_unprintable
from shared.errors import N_, Invalid
from shared.schemes import Scheme


def _blank_is_unsaid(value: object) -> object:
    return None if value == "" else value


class Claim(Section):
    """One element: K or BK (null while undecided), the documents that show it, and a note."""

    unit: Code
    element: Code
    claim: Annotated[Judgement | None, BeforeValidator(_blank_is_unsaid)] = None
    evidence: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    note: Lines = ""


def order_claims(claims: Iterable[Claim], scheme: Scheme) -> list[Claim]:
    """Return one claim per element in the scheme's order; elements not yet spoken of come empty.

    Raises Invalid for an element that the scheme has not, or that is given twice.
    """
    known = [(unit.code, element.code) for unit in scheme.units for element in unit.elements]
    given: dict[tuple[str, str], Claim] = {}
    wrong: Problems = {}
    for index, claim in enumerate(claims):
        key = (claim.unit, claim.element)
        if key not in known:
            wrong[f"claims.{index}"] = N_("Elemen ini tidak ada dalam skema permohonan.")
        elif key in given:
            wrong[f"claims.{index}"] = N_("Elemen ini disebut dua kali.")
        given[key] = claim
    if wrong:
        raise Invalid("claims-misfit", N_("Isian asesmen mandiri tidak cocok dengan skema."), fields=wrong)
    return [given.get(key) or Claim(unit=key[0], element=key[1]) for key in known]


def check_self_assessment(claims: Iterable[Claim], documents: Collection[UUID]) -> None:
    """Raise Invalid unless every element is judged and every K is shown by documents of this file (process 2.5).

    `documents` are the ids of the file. Fields are named by a claim's place in the scheme's order: `claims.3.evidence`.
    """
    wrong: Problems = {}
    for index, claim in enumerate(claims):
        path = f"claims.{index}"
        if claim.claim is None:
            wrong[f"{path}.claim"] = N_("Pilih K atau BK.")
        elif claim.claim is Judgement.K and not claim.evidence:
            wrong[f"{path}.evidence"] = N_("Tunjukkan paling sedikit satu dokumen sebagai bukti.")
        elif not set(claim.evidence) <= set(documents):
            wrong[f"{path}.evidence"] = N_("Dokumen ini tidak ada dalam berkas permohonan.")
        if find_unprintable(claim.note, also="\n\t"):
            wrong[f"{path}.note"] = N_("Memuat huruf yang tidak dapat dicetak; tulis dengan huruf Latin.")
    if wrong:
        raise Invalid(
            "self-assessment-incomplete",
            N_("Asesmen mandiri belum lengkap; perbaiki elemen yang ditandai."),
            fields=wrong,
        )
