"""Pages of the photo and of the list for BNSP, at a browser without JavaScript."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from kompeten.demo import samples
from services.registration.commands import photos
from services.registration.commands.photos import AskForAnother
from services.registration.jobs import jobs
from services.registration.models import NO_PERIOD, Account
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.roles import Role
from shared.web import App
from tests.unit.registration.api.test_requests import assessed
from tests.unit.registration.browser import have_applicant, have_staff, send, sign_in
from tests.unit.registration.files import secretariat


@pytest.fixture(autouse=True)
def _store_of_its_own(database: Database) -> None:
    object_store.cache_clear()


@pytest.fixture
def application(database: Database) -> str:
    """Decided K; its photo cannot stand on a certificate."""
    account = have_applicant(database, "sari@contoh.test")
    with database.reading() as session:
        sari = session.get_one(Account, account).actor
    found = assessed(database, sari)
    with database.unit_of_work() as session:
        photos.ask_for_another_photo(
            session, secretariat(), found.id, AskForAnother(reason="Latar bukan merah (contoh).")
        )
    return str(found.id)


def signed_in(app: App, database: Database, *roles: Role) -> FlaskClient:
    client = app.test_client()
    if roles:
        have_staff(database, *roles, email="staf@contoh.test")
    sign_in(client, "staf@contoh.test" if roles else "sari@contoh.test")
    return client


def test_the_applicant_learns_why_and_gives_another(app: App, database: Database, application: str) -> None:
    sari, path = signed_in(app, database), f"/registration/applications/{application}"
    assert "Latar bukan merah (contoh)." in sari.get(path).text
    shown = sari.get(f"{path}/photo").text
    secret = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert secret
    for data, status in ((b"%PDF-1.7\n", 422), (samples.make_portrait(), 303)):
        fields = {"csrf_token": secret[1], "file": (BytesIO(data), "foto.png")}
        assert sari.post(f"{path}/photo", data=fields, content_type="multipart/form-data").status_code == status
    jobs.run_due(database)
    after = sari.get(f"{path}/photo").text
    assert "Beginilah foto Anda pada sertifikat:" in after
    picture = re.search(r'<img src="([^"]+photo\.jpg[^"]*)"', after)
    assert picture
    assert sari.get(picture[1]).content_type == "image/jpeg"
    assert "Latar bukan merah" not in sari.get(path).text


def test_the_secretariat_sees_whose_photo_is_missing_and_asks(app: App, database: Database, application: str) -> None:
    desk = signed_in(app, database, Role.SECRETARIAT)
    assert "Latar bukan merah (contoh)." in desk.get("/registration/photos").text
    path = f"/registration/photos/{application}"
    assert send(desk, path, {"reason": "x"}).status_code == 422
    assert send(desk, path, {"reason": "Wajah tertutup bayangan (contoh)."}).status_code == 303
    assert "Wajah tertutup" in desk.get("/registration/photos").text


def test_the_list_is_shown_masked_and_taken_whole(app: App, database: Database, application: str) -> None:
    head = signed_in(app, database, Role.HEAD_OF_CERTIFICATION)
    shown = head.get("/registration/requests").text
    assert "3175********0001" in shown
    assert "3175014505900001" not in shown
    link = re.search(r'href="(/registration/requests\.xlsx[^"]*)"', shown)
    assert link
    answer = head.get(link[1])
    assert answer.data.startswith(b"PK")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_codes_are_kept_on_their_page(app: App, database: Database) -> None:
    head = signed_in(app, database, Role.HEAD_OF_CERTIFICATION)
    path = f"/registration/requests/codes/{NO_PERIOD}"
    assert send(head, path, {"schedule": "J-1"}).status_code == 303
    assert 'value="J-1"' in head.get(path).text


@pytest.mark.parametrize("path", ["photos", "requests", "requests.xlsx"])
@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.AUDITOR, Role.COMPLAINTS_OFFICER])
def test_they_are_nobody_elses(app: App, database: Database, role: Role, path: str) -> None:
    assert signed_in(app, database, role).get(f"/registration/{path}").status_code == 403
