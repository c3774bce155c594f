"""What a report must hold before it is handed in."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.surveillance.domain.report import Report, list_report_gaps

UNITS = ["R.91PRP02.021.1", "R.91PRP02.022.1"]
HOLDER = "SITI CONTOH"
TODAY = date(2027, 11, 1)
UPLOADED = UUID(int=7)


def complete(**changes: Any) -> Report:
    answers: dict[str, Any] = {
        "employed": True,
        "employer": "Perpustakaan Contoh",
        "work_unit": "Layanan",
        "position": "Pustakawan",
        "since": "2020-01-02",
        "decree_number": "12/contoh/2020",
        "fit": "fully",
        "units": [{"unit": unit, "frequency": "weekly", "last_used": "2027-10-20"} for unit in UNITS],
        "evidence": [{"title": "Daftar tajuk (contoh)", "reference": "https://perpustakaan.contoh.test/tajuk"}],
        "training": "Tidak ada",
        "sanctioned": False,
        "superior_name": "Budi Contoh",
        "superior_position": "Kepala Perpustakaan",
        "superior_statement": "Bekerja sesuai sertifikat (contoh).",
        "declared": True,
        "signed_name": "Siti  Contoh",
    }
    return Report.model_validate(answers | changes)


def missing(report: Report) -> set[str]:
    return set(list_report_gaps(report, units=UNITS, documents={UPLOADED}, holder_name=HOLDER, today=TODAY))


def test_a_complete_report_has_no_gaps() -> None:
    assert missing(complete()) == set()


def test_an_empty_draft_names_all_that_is_missing() -> None:
    assert missing(Report()) == {"employed", "units", "sanctioned", "declared", "signed_name"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"employed": None}, "employed"),
        ({"employer": "  "}, "employer"),
        ({"work_unit": ""}, "work_unit"),
        ({"position": ""}, "position"),
        ({"since": None}, "since"),
        ({"since": "2027-11-02"}, "since"),
        ({"fit": None}, "fit"),
        ({"fit": "partly"}, "fit_reason"),
        ({"fit": "not"}, "fit_reason"),
        ({"units": []}, "units"),
        ({"units": [{"unit": UNITS[0], "frequency": "never"}]}, "units"),
        ({"units": [{"unit": "R.91PRP09.001.1", "frequency": "never"}]}, "units.0.unit"),
        ({"units": [{"unit": UNITS[0], "frequency": "never"}] * 2}, "units.1.unit"),
        ({"units": [{"unit": UNITS[0]}]}, "units.0.frequency"),
        ({"units": [{"unit": UNITS[0], "frequency": "daily"}]}, "units.0.last_used"),
        ({"units": [{"unit": UNITS[0], "frequency": "daily", "last_used": "2027-11-02"}]}, "units.0.last_used"),
        ({"evidence": []}, "evidence"),
        ({"evidence": [{"title": "", "reference": "x"}]}, "evidence.0.title"),
        ({"evidence": [{"title": "x", "reference": ""}]}, "evidence.0.reference"),
        ({"evidence": [{"title": "x", "document": str(UUID(int=8))}]}, "evidence.0.document"),
        ({"sanctioned": None}, "sanctioned"),
        ({"sanctioned": True}, "sanctions"),
        ({"superior_name": ""}, "superior_name"),
        ({"superior_position": ""}, "superior_position"),
        ({"superior_statement": ""}, "superior_statement"),
        ({"declared": False}, "declared"),
        ({"signed_name": "Orang Lain"}, "signed_name"),
    ],
)
def test_each_gap_is_named_by_its_field(change: dict[str, Any], field: str) -> None:
    assert field in missing(complete(**change))


def test_one_who_has_no_position_any_more_says_only_so() -> None:
    report = complete(
        employed=False, employer="", work_unit="", position="", since=None, fit=None, superior_name="",
        superior_position="", superior_statement="",
    )  # fmt: skip
    assert missing(report) == set()


def test_units_never_used_need_no_evidence() -> None:
    assert missing(complete(units=[{"unit": unit, "frequency": "never"} for unit in UNITS], evidence=[])) == set()


def test_an_uploaded_document_is_evidence_without_a_link() -> None:
    assert missing(complete(evidence=[{"title": "Foto (contoh)", "document": str(UPLOADED)}])) == set()


@given(st.lists(st.sampled_from([*UNITS, "R.91PRP09.001.1"]), max_size=6))
def test_only_all_units_of_the_certificate_once_each_will_do(chosen: list[str]) -> None:
    report = complete(units=[{"unit": unit, "frequency": "weekly", "last_used": "2027-10-20"} for unit in chosen])
    assert (missing(report) == set()) == (sorted(chosen) == sorted(UNITS))


def test_fields_that_no_form_has_are_refused() -> None:
    with pytest.raises(ValidationError):
        Report.model_validate({"nik": "3175000000000001"})


def test_texts_without_end_are_refused() -> None:
    with pytest.raises(ValidationError):
        Report.model_validate({"training": "x" * 4001})
