from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.registration.domain import application
from services.registration.domain.application import (
    DocumentKind,
    check_application_to_file,
    check_signature,
    list_filing_problems,
)
from services.registration.domain.form import Form, drop_secrets, restore_form
from shared.errors import Invalid
from tests.unit.registration.forms import FILLED, LIBRARY_PROOFS, form

TODAY = date(2026, 11, 21)


def wrong(**sections: Any) -> dict[str, str]:
    return list_filing_problems(form(**sections), LIBRARY_PROOFS, 0, TODAY)


def test_a_filled_form_with_its_documents_has_no_problems() -> None:
    assert wrong() == {}
    assert check_application_to_file(form(), frozenset(LIBRARY_PROOFS), 0, TODAY).code == "a"


def test_an_empty_form_names_every_field_that_is_missing() -> None:
    found = list_filing_problems(Form(), (), 0, TODAY)
    assert {"personal.name", "personal.nik", "personal.sex", "education", "purpose", "documents.photo"} <= set(found)
    assert not any(path.startswith("job") for path in found)


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ({"personal": {"nik": "317501450590000"}}, "personal.nik"),
        ({"personal": {"nik": "3175014505900000"}}, "personal.nik"),
        ({"personal": {"nik": "3175017902900001"}}, "personal.nik"),
        ({"personal": {"name": "1234"}}, "personal.name"),
        ({"personal": {"name": "漢字"}}, "personal.name"),
        ({"personal": {"birth_date": "2026-11-21"}}, "personal.birth_date"),
        ({"personal": {"email": "sari"}}, "personal.email"),
        ({"personal": {"phone": "delapan"}}, "personal.phone"),
        ({"personal": {"city_code": "31"}}, "personal.city_code"),
        ({"personal": {"province_code": "DKI"}}, "personal.province_code"),
        ({"education": [{**FILLED["education"][0], "year": 2027}]}, "education.0.year"),
        ({"education": [{**FILLED["education"][0], "field": ""}]}, "education.0.field"),
        ({"education": [{**FILLED["education"][0], "level": ""}]}, "education.0.level"),
        ({"work": [{**FILLED["work"][0], "until": "2014-12-31"}]}, "work.0.until"),
        ({"work": [{**FILLED["work"][0], "until": "2030-01-01"}]}, "work.0.until"),
        ({"work": [FILLED["work"][0], {**FILLED["work"][0], "since": None}]}, "work.1.since"),
        ({"work": [{**FILLED["work"][0], "since": "2026-11-22"}]}, "work.0.since"),
        ({"trainings": [{"title": "Pelatihan", "organiser": "LPK", "held_on": "2027-01-01"}]}, "trainings.0.held_on"),
        ({"trainings": [{"title": "", "organiser": "LPK", "held_on": "2026-01-01"}]}, "trainings.0.title"),
        ({"trainings": [{"title": "Pelatihan", "organiser": "", "held_on": "2026-01-01"}]}, "trainings.0.organiser"),
        ({"trainings": [{"title": "Pelatihan", "organiser": "LPK"}]}, "trainings.0.held_on"),
        ({"education": [{**FILLED["education"][0], "institution": ""}]}, "education.0.institution"),
        ({"education": [{**FILLED["education"][0], "year": None}]}, "education.0.year"),
        ({"education": [{**FILLED["education"][0], "year": 1939}]}, "education.0.year"),
        ({"work": [{**FILLED["work"][0], "employer": ""}]}, "work.0.employer"),
        ({"work": [{**FILLED["work"][0], "position": ""}]}, "work.0.position"),
        ({"job": {"employer": ""}}, "job.employer"),
        ({"job": {"position": ""}}, "job.position"),
        ({"purpose": ""}, "purpose"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(section: dict[str, Any], path: str) -> None:
    assert set(wrong(**section)) == {path}


def test_the_first_and_the_last_day_and_year_are_taken() -> None:
    today = TODAY.isoformat()
    assert wrong(trainings=[{"title": "Pelatihan", "organiser": "LPK", "held_on": today}]) == {}
    work = FILLED["work"][0]
    assert wrong(work=[work, {**work, "since": today, "until": today}]) == {}
    for year in (1940, TODAY.year):
        assert wrong(education=[{**FILLED["education"][0], "year": year}]) == {}


def test_a_school_diploma_needs_no_field_of_study() -> None:
    assert wrong(education=[{"level": "SLTA", "institution": "SMA Contoh", "year": 2005}]) == {}


def test_who_has_no_job_leaves_it_empty() -> None:
    assert wrong(job={"employer": "", "position": "", "address": ""}) == {}


def test_proof_of_payment_is_asked_for_only_where_there_is_a_fee() -> None:
    assert DocumentKind.PAYMENT not in application.list_kinds_to_attach(0)
    assert application.list_kinds_to_attach(1) == list(DocumentKind)
    assert "documents.payment" in list_filing_problems(form(), LIBRARY_PROOFS, 1, TODAY)
    assert "documents.payment" not in list_filing_problems(form(), LIBRARY_PROOFS, 0, TODAY)
    assert "documents.payment" in list_filing_problems(form(), LIBRARY_PROOFS, 100_000, TODAY)


def test_the_name_is_kept_in_block_capitals() -> None:
    assert form(personal={"name": " sari   contoh "}).personal.name == "SARI CONTOH"


def test_a_nik_typed_in_groups_is_the_same_nik() -> None:
    assert form(personal={"nik": "3175 0145 0590 0001"}).personal.nik == "3175014505900001"


def test_a_misspelt_field_is_refused_and_not_lost() -> None:
    with pytest.raises(ValidationError):
        Form.model_validate({"personal": {"nama": "Sari"}})


def test_what_is_stored_readable_holds_neither_nik_nor_adjustment() -> None:
    whole = form(adjustment="kursi roda")
    stored = drop_secrets(whole)
    for readable in (str(stored), stored.model_dump_json()):
        assert "3175014505900001" not in readable
        assert "kursi" not in readable
    assert restore_form(stored, "3175014505900001", "kursi roda") == whole


def test_who_meets_no_path_is_told_what_is_missing_for_each() -> None:
    school = [{"level": "SLTA", "institution": "SMA Contoh", "year": 2005}]
    gap = [
        {**FILLED["work"][0], "since": "2024-01-01", "until": "2024-12-31"},
        {**FILLED["work"][0], "since": "2025-06-01"},
    ]
    with pytest.raises(Invalid) as refused:
        check_application_to_file(
            form(education=school, work=gap), frozenset(("photo", "diploma", "work_evidence")), 0, TODAY
        )
    assert refused.value.code == "not-eligible"
    paths = refused.value.details["paths"]
    assert [set(path) for path in paths] == [{"path", "title", "met", "missing"}] * 3
    assert [one["code"] for one in paths[0]["missing"]] == ["library-diploma", "document-transcript"]
    assert [one["code"] for one in paths[2]["missing"]] == ["work"]
    assert [path["path"] for path in paths] == ["a", "b", "c"]
    assert all(path["missing"] and not path["met"] for path in paths)
    assert "2025-06-01" in paths[2]["missing"][0]["message"]


def test_the_highest_schooling_is_found_whatever_the_order() -> None:
    rows = [FILLED["education"][0], {**FILLED["education"][0], "level": "S2"}, {"level": "SLTA"}]
    highest = form(education=rows).highest()
    assert highest is not None
    assert highest.level == "S2"


def test_a_signature_is_ones_own_name_whatever_the_capitals() -> None:
    check_signature(" sari  contoh", "SARI CONTOH", statement=True)


@pytest.mark.parametrize(
    ("signature", "statement", "field"),
    [("SARI CONTOH", False, "statement"), ("SARI", True, "signature"), ("", True, "signature")],
)
def test_a_form_without_signature_or_statement_is_refused(signature: str, statement: bool, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_signature(signature, "SARI CONTOH", statement=statement)
    assert refused.value.code == "not-signed"
    assert set(refused.value.fields) == {field}
