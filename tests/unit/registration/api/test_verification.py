import pytest

from tests.unit.registration.api.walk import Person, verdicts

pytestmark = pytest.mark.usefixtures("_period")


def test_the_list_masks_the_nik_and_says_since_when_it_waits(sari: Person, desk: Person) -> None:
    application = sari.filed()
    (line,) = desk.get("/verification")["items"]
    assert line["id"] == application
    assert line["nik"] == "3175********0001"
    assert line["waiting_since"]


def test_drafts_are_nobodys_business(sari: Person, desk: Person) -> None:
    application = sari.draft()
    assert desk.get("/verification?status=all")["total"] == 0
    desk.ask("GET", f"/verification/{application}", 404)


def test_the_list_is_found_by_name_and_state(sari: Person, desk: Person) -> None:
    sari.filed()
    assert desk.get("/verification?q=sari")["total"] == 1
    assert desk.get("/verification?q=budi")["total"] == 0
    assert desk.get("/verification?status=admitted")["total"] == 0
    assert desk.get("/verification?status=all&size=1")["total"] == 1


def test_a_nik_that_differs_is_a_warning_and_no_hindrance(sari: Person, desk: Person) -> None:
    application = sari.filed(personal={"birth_date": "1990-05-06"})
    found = desk.get(f"/verification/{application}")
    assert len(found["warnings"]) == 1
    desk.put(f"/verification/{application}/items", {"items": verdicts(desk, application)})
    assert desk.post(f"/verification/{application}/admit")["complete"]


def test_items_come_with_the_documents_that_show_them(sari: Person, desk: Person) -> None:
    found = desk.get(f"/verification/{sari.filed()}")
    by_item = {item["item"]: [one["kind"] for one in item["documents"]] for item in found["items"]}
    assert sorted(by_item["education"]) == ["diploma", "transcript"]
    assert by_item["photo"] == ["photo"]
    assert by_item["personal"] == []


def test_a_no_without_a_reason_is_refused(sari: Person, desk: Person) -> None:
    application = sari.filed()
    body = {"items": [{"item": "photo", "verdict": "absent"}]}
    refused = desk.put(f"/verification/{application}/items", body, 422)
    assert [error["field"] for error in refused["errors"]] == ["items.photo"]


def test_an_unfinished_verification_admits_nobody(sari: Person, desk: Person) -> None:
    application = sari.filed()
    assert desk.post(f"/verification/{application}/admit", expect=409)["code"] == "file-incomplete"
    assert desk.post(f"/verification/{application}/return", {}, 422)["code"] == "nothing-to-mend"
