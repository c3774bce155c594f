from uuid import uuid4

import pytest

from tests.unit.registration.api.walk import SIGNED, Person, claims, verdicts
from tests.unit.registration.forms import FILLED, filled

pytestmark = pytest.mark.usefixtures("_period")


def test_an_application_goes_from_draft_to_the_submitted_file(sari: Person, desk: Person) -> None:
    application = sari.draft()
    filed = sari.post(f"/applications/{application}/file", SIGNED)
    assert (filed["state"], filed["round"], filed["path"]) == ("filed", 1, "a")
    assert [line["id"] for line in desk.get("/verification")["items"]] == [application]
    desk.put(f"/verification/{application}/items", {"items": verdicts(desk, application)})
    admitted = desk.post(f"/verification/{application}/admit")
    assert admitted["application"]["state"] == "admitted"
    document = sari.get(f"/applications/{application}/documents")[0]["id"]
    sari.put(f"/applications/{application}/self-assessment", {"claims": claims(sari, application, document)})
    sent = sari.post(f"/applications/{application}/self-assessment/submit", SIGNED)
    assert sent["state"] == "self_assessed"
    assert len(sent["file_hash"]) == 64
    shown = sari.get(f"/applications/{application}")
    assert [step["stage"] for step in shown["timeline"]] == ["filed", "admitted", "self_assessed"]
    assert shown["next"].startswith("Tunggu undangan")


def test_a_returned_file_shows_its_reasons_and_is_filed_again(sari: Person, desk: Person) -> None:
    application = sari.filed()
    found = {"items": verdicts(desk, application, transcript="Halaman 2 tidak terbaca")}
    desk.put(f"/verification/{application}/items", found)
    desk.post(f"/verification/{application}/return", {"note": "Mohon diperbaiki."})
    shown = sari.get(f"/applications/{application}")
    assert shown["state"] == "returned"
    (round_one,) = shown["rounds"]
    wanting = [one for one in round_one["findings"] if one["verdict"] != "adequate"]
    assert [(one["label"], one["reason"]) for one in wanting] == [("Transkrip nilai", "Halaman 2 tidak terbaca")]
    sari.upload(application, "transcript")
    assert sari.post(f"/applications/{application}/file", SIGNED)["round"] == 2


def test_the_applicant_sees_no_verdict_before_the_secretariat_is_done(sari: Person, desk: Person) -> None:
    application = sari.filed()
    desk.put(f"/verification/{application}/items", {"items": verdicts(desk, application, photo="buram")})
    assert sari.get(f"/applications/{application}")["rounds"][0]["findings"] == []


def test_who_drafts_sees_the_paths_and_what_stands_against_filing(sari: Person) -> None:
    application = sari.post("/applications", {"scheme_id": "layanan-dasar"}, 201)
    assert [path["met"] for path in application["paths"]] == [False, False, False]
    assert "personal.nik" in application["problems"]
    sari.put(f"/applications/{application['id']}", {"form": filled()})
    assert "personal.nik" not in sari.get(f"/applications/{application['id']}")["problems"]


def test_school_and_a_gap_is_refused_with_what_is_missing_for_each_path(sari: Person) -> None:
    work = [
        {**FILLED["work"][0], "since": "2023-01-01", "until": "2024-03-31"},
        {**FILLED["work"][0], "since": "2024-09-01", "until": "2025-06-30"},
    ]
    school = [{"level": "SLTA", "institution": "SMA Contoh", "year": 2008}]
    application = sari.draft(("photo", "diploma", "work_evidence"), education=school, work=work)
    refused = sari.post(f"/applications/{application}/file", SIGNED, 422)
    assert refused["code"] == "not-eligible"
    assert {path["path"]: [one["code"] for one in path["missing"]] for path in refused["details"]["paths"]} == {
        "a": ["library-diploma", "document-transcript"],
        "b": ["diploma", "training", "document-transcript", "document-training_certificate"],
        "c": ["work"],
    }
    assert sari.get(f"/applications/{application}")["state"] == "draft"


def test_an_incomplete_form_names_its_fields(sari: Person) -> None:
    application = sari.draft(personal={"nik": "123"}, purpose="")
    refused = sari.post(f"/applications/{application}/file", SIGNED, 422)
    assert {error["field"] for error in refused["errors"]} == {"personal.nik", "purpose"}


def test_an_older_version_is_refused(sari: Person) -> None:
    application = sari.draft()
    version = sari.get(f"/applications/{application}")["version"]
    sari.put(f"/applications/{application}", {"form": filled(purpose="other"), "version": version})
    refused = sari.put(f"/applications/{application}", {"form": filled(), "version": version}, 409)
    assert refused["code"] == "changed-meanwhile"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"form": {"personal": {"nama": "x"}}}, "form.personal.nama"),
        ({"form": {"education": [{"level": "PAUD"}]}}, "form.education.0.level"),
        ({"form": {"work": [{"since": "2020-13-01"}]}}, "form.work.0.since"),
        ({"form": {"personal": {"name": "x" * 201}}}, "form.personal.name"),
        ({}, "form"),
    ],
)
def test_a_form_of_another_shape_is_refused_by_field(sari: Person, body: object, field: str) -> None:
    application = sari.post("/applications", {"scheme_id": "layanan-dasar"}, 201)["id"]
    refused = sari.put(f"/applications/{application}", body, 422)
    assert field in [error["field"] for error in refused["errors"]]


def test_a_withdrawn_application_says_so(sari: Person) -> None:
    application = sari.filed()
    withdrawn = sari.post(f"/applications/{application}/withdraw", {"reason": "pindah"})
    assert (withdrawn["state"], withdrawn["stage"]) == ("withdrawn", "withdrawn")
    assert sari.post(f"/applications/{application}/withdraw", {}, 409)["code"] == "application-withdrawn"


def test_the_list_tells_where_each_stands_and_what_comes_next(sari: Person) -> None:
    first, second = sari.filed(), sari.draft(scheme="promosi-perpustakaan")
    lines = sari.get("/applications")
    assert {line["id"] for line in lines} == {first, second}
    assert {line["status"] for line in lines} == {"Rancangan", "Diajukan, menunggu verifikasi"}
    assert all(line["next"] for line in lines)


def test_an_unknown_application_is_not_found(sari: Person) -> None:
    assert sari.ask("GET", f"/applications/{uuid4()}").status_code == 404
    assert sari.ask("GET", "/renewals").get_json() == []
