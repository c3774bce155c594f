from pathlib import Path

import pytest
from pikepdf import Encryption

from tests.pdfs import ACTIVE, write_pdf
from tests.unit.registration.api.walk import PDF, SIGNED, Person
from tests.unit.registration.files import actor

pytestmark = pytest.mark.usefixtures("_period")


def test_a_document_comes_back_as_it_was_given_and_as_an_attachment(sari: Person) -> None:
    application = sari.draft(())
    document = sari.upload(application, "diploma")
    answer = sari.ask("GET", f"/documents/{document['id']}", 200)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_is_stored_is_encrypted_under_a_name_that_tells_nothing(sari: Person, data_dir: Path) -> None:
    sari.upload(sari.draft(()), "diploma", PDF + b"rahasia")
    stored = [file for file in data_dir.rglob("*") if "documents" in file.parts and file.is_file()]
    assert len(stored) == 1
    assert b"rahasia" not in stored[0].read_bytes()
    assert "diploma" not in str(stored[0])


@pytest.mark.parametrize(
    ("kind", "data"), [("diploma", b"MZ executable"), ("photo", b""), ("ktp", PDF), ("payment", PDF)]
)
def test_what_is_no_document_or_of_no_kind_is_refused(sari: Person, kind: str, data: bytes) -> None:
    application = sari.draft(())
    assert sari.upload(application, kind, data, 422)["status"] == 422
    assert sari.get(f"/applications/{application}/documents") == []


def test_a_removed_document_is_gone_from_the_list(sari: Person) -> None:
    application = sari.draft()
    document = sari.get(f"/applications/{application}/documents")[0]["id"]
    sari.ask("DELETE", f"/applications/{application}/documents/{document}", 204)
    assert document not in [one["id"] for one in sari.get(f"/applications/{application}/documents")]
    sari.ask("DELETE", f"/applications/{application}/documents/{document}", 404)


def test_somebody_elses_documents_are_not_there(sari: Person) -> None:
    application = sari.filed()
    document = sari.get(f"/applications/{application}/documents")[0]["id"]
    stranger = Person(sari.client, actor())
    for method, path in (
        ("GET", f"/applications/{application}/documents"),
        ("DELETE", f"/applications/{application}/documents/{document}"),
        ("GET", f"/documents/{document}"),
        ("GET", f"/applications/{application}/fr-apl-01"),
    ):
        stranger.ask(method, path, 404)
    stranger.upload(application, "photo", expect=404)


def test_the_form_is_printed_filled_in(sari: Person, desk: Person) -> None:
    application = sari.filed()
    for person in (sari, desk):
        answer = person.ask("GET", f"/applications/{application}/fr-apl-01", 200)
        assert answer.data.startswith(b"%PDF")
    assert sari.ask("GET", f"/applications/{application}/fr-apl-02").status_code == 409


def test_what_is_in_a_pdf_is_kept_and_told_to_staff(sari: Person, desk: Person) -> None:
    application = sari.draft()
    change, kinds = ACTIVE["a script at opening"]
    added = sari.upload(application, "diploma", write_pdf(change, packed=True))
    assert set(added["active_content"]) == kinds
    sari.post(f"/applications/{application}/file", SIGNED)
    items = desk.get(f"/verification/{application}")["items"]
    told = {one["id"]: one["active_content"] for item in items for one in item["documents"]}
    assert set(told.pop(added["id"])) == kinds
    assert all(found == [] for found in told.values())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4\n", "pdf-damaged"),
        (write_pdf(encryption=Encryption(user="rahasia", owner="rahasia")), "pdf-locked"),
    ],
)
def test_what_nobody_can_open_is_told_at_the_upload(sari: Person, data_dir: Path, data: bytes, code: str) -> None:
    application = sari.draft(())
    refused = sari.upload(application, "diploma", data, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == (code, "file")
    assert sari.get(f"/applications/{application}/documents") == []
    assert not [file for file in data_dir.rglob("*") if "documents" in file.parts and file.is_file()]


def test_a_document_with_a_script_is_saved_and_shown_nowhere(sari: Person) -> None:
    document = sari.upload(sari.draft(()), "diploma", write_pdf(ACTIVE["a script at opening"][0]))
    headers = sari.ask("GET", f"/documents/{document['id']}", 200).headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"].split("; ") == ["default-src 'none'", "sandbox"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Download-Options"] == "noopen"
