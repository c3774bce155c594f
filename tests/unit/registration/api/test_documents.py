from pathlib import Path

import pytest

from tests.unit.registration.api.walk import PDF, Person
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
