from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from kompeten.demo import samples
from services.registration.jobs import jobs
from shared.database.unit import Database
from shared.security.roles import Role
from tests.unit.registration.api.walk import PDF, SIGNED, Person, claims, verdicts
from tests.unit.registration.files import actor
from tests.unit.registration.pictures import jpeg, noise, picture

pytestmark = pytest.mark.usefixtures("_period")
REASON = {"reason": "Latar belakang bukan merah (contoh)."}


def sent(sari: Person, desk: Person, database: Database) -> str:
    """The whole file is in, and its photo prepared."""
    application = sari.filed()
    desk.put(f"/verification/{application}/items", {"items": verdicts(desk, application)})
    desk.post(f"/verification/{application}/admit")
    evidence = sari.get(f"/applications/{application}/documents")[-1]["id"]
    path = f"/applications/{application}/self-assessment"
    sari.put(path, {"claims": claims(sari, application, evidence)})
    sari.post(f"{path}/submit", SIGNED)
    jobs.run_due(database)
    return application


def replace(person: Person, application: str, data: bytes, expect: int) -> Any:
    fields = {"file": (BytesIO(data), "foto.jpg")}
    path = f"/applications/{application}/photo"
    return person.ask("POST", path, expect, data=fields, content_type="multipart/form-data").get_json()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PDF, "photo-no-picture"),
        (jpeg(picture(800, 600)), "photo-not-upright"),
        (jpeg(picture(30, 40)), "photo-too-small"),
        (jpeg(noise())[:5000], "picture-unreadable"),
    ],
)
def test_a_photo_is_looked_at_when_it_is_uploaded(sari: Person, data_dir: Path, data: bytes, code: str) -> None:
    application = sari.draft(())
    problem = sari.upload(application, "photo", data, 422)
    assert (problem["code"], problem["errors"][0]["field"]) == (code, "file")
    assert sari.get(f"/applications/{application}/documents") == []
    assert not [file for file in data_dir.rglob("*") if "documents" in file.parts and file.is_file()]


def test_owner_and_secretariat_see_it_as_it_will_be_printed(sari: Person, desk: Person, database: Database) -> None:
    application = sent(sari, desk, database)
    for person in (sari, desk):
        view = person.get(f"/applications/{application}/photo")
        assert (view["state"], view["reason"]) == ("prepared", "")
        answer = person.ask("GET", f"/applications/{application}/photo.jpg", 200)
        assert answer.content_type == "image/jpeg"
        assert answer.data.startswith(b"\xff\xd8")


def test_asked_for_anew_replaced_and_ready_again(sari: Person, desk: Person, database: Database) -> None:
    application = sent(sari, desk, database)
    first = sari.get(f"/applications/{application}/photo")["sha256"]
    desk.post(f"/applications/{application}/photo/ask", REASON)
    (line,) = desk.get("/photos")["items"]
    assert (line["application_id"], line["reason"]) == (application, REASON["reason"])
    assert replace(sari, application, jpeg(picture(400, 300)), 422)["code"] == "photo-not-upright"
    replace(sari, application, jpeg(picture()), 201)
    jobs.run_due(database)
    after = sari.get(f"/applications/{application}/photo")
    assert after["state"] == "prepared"
    assert after["sha256"] != first
    assert desk.get("/photos")["items"] == []
    assert [one["application_id"] for one in desk.get("/photos?status=prepared")["items"]] == [application]


def test_a_reason_is_needed(sari: Person, desk: Person, database: Database) -> None:
    application = sent(sari, desk, database)
    desk.post(f"/applications/{application}/photo/ask", {"reason": "jelek"}, 422)


def test_before_the_file_is_in_there_is_none(sari: Person, desk: Person) -> None:
    application = sari.filed()
    assert sari.get(f"/applications/{application}/photo")["state"] is None
    sari.ask("GET", f"/applications/{application}/photo.jpg", 409)
    desk.post(f"/applications/{application}/photo/ask", REASON, 409)
    replace(sari, application, samples.make_portrait(), 409)


def test_somebody_elses_photo_is_not_there(sari: Person, desk: Person, database: Database) -> None:
    application = sent(sari, desk, database)
    desk.post(f"/applications/{application}/photo/ask", REASON)
    stranger = Person(sari.client, actor())
    stranger.ask("GET", f"/applications/{application}/photo", 404)
    stranger.ask("GET", f"/applications/{application}/photo.jpg", 404)
    replace(stranger, application, samples.make_portrait(), 404)


def test_an_officer_sees_it_and_an_assessor_or_auditor_does_not(sari: Person, desk: Person, database: Database) -> None:
    application = sent(sari, desk, database)
    for role, expect in ((Role.CHAIR, 200), (Role.ASSESSOR, 403), (Role.AUDITOR, 403)):
        Person(sari.client, actor(role)).ask("GET", f"/applications/{application}/photo.jpg", expect)
