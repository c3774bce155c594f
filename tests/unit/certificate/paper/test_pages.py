"""The secretariat at a browser: sheets received, certificates printed, a sheet spoiled, a certificate handed over."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from services.certificate.models import Certificate
from shared import clock
from shared.access_log import AccessRow, Look
from shared.database.unit import Database
from shared.security.roles import Role
from tests.unit.certificate.paper.scene import certificates, received
from tests.unit.certificate.web import committed, person, sign_in

HOME = "/certificate/paper"


def stocked(database: Database, number: int = 2) -> list[Certificate]:
    def make(session):  # type: ignore[no-untyped-def]
        received(session)
        return certificates(session, number)

    found: list[Certificate] = committed(database, make)
    return found


def test_from_received_to_handed_over(client: FlaskClient, database: Database) -> None:
    made = stocked(database)
    csrf = sign_in(client, person(Role.SECRETARIAT))
    answer = client.post(
        f"{HOME}/receive",
        data={
            "csrf_token": csrf,
            "letter_number": "B.2 (contoh)",
            "received_on": clock.today().isoformat(),
            "first": "01",
            "last": "20",
        },
    )
    assert answer.status_code == 303, answer.text
    waiting = client.get(f"{HOME}/waiting").text
    assert all(one.number in waiting for one in made)
    run = client.post(
        f"{HOME}/waiting", data={"csrf_token": csrf, "certificate_ids": [str(one.id) for one in made]}
    ).location
    sheets = re.findall(r"/certificate/paper/sheets/([0-9a-f-]{36})", client.get(run).text)
    assert len(sheets) == 2
    assert client.get(f"{run}/pdf").data.startswith(b"%PDF")
    spoiled = client.post(f"{HOME}/sheets/{sheets[0]}/spoil", data={"csrf_token": csrf, "reason": "Salah cetak."})
    assert spoiled.status_code == 303
    handed = client.post(
        f"{HOME}/sheets/{sheets[1]}/hand-over",
        data={"csrf_token": csrf, "manner": "holder", "handed_on": clock.today().isoformat()},
    )
    assert handed.status_code == 303
    assert client.get(f"{HOME}/sheets/{sheets[1]}/receipt").data.startswith(b"%PDF")
    assert "Diambil pemegang" in client.get(f"{HOME}/sheets/{sheets[1]}").text
    assert "(1)" in client.get(HOME).text
    assert client.get(f"{HOME}/sheets.csv").status_code == 200
    with database.reading() as session:
        looks = [(row.look, row.subject) for row in session.scalars(select(AccessRow).order_by(AccessRow.position))]
    printed, receipt, page = looks[:2], looks[2], looks[3]
    assert sorted(printed) == sorted((Look.CERTIFICATE, f"sheet/{sheet}") for sheet in sheets)
    assert receipt == page == (Look.CERTIFICATE, f"sheet/{sheets[1]}")
    assert set(looks[4:]) == {(Look.EXPORT, "sheets")}
    table = client.get(f"{HOME}/sheets.csv?status=spoiled").get_data(as_text=True)
    assert "Salah cetak." in table
    assert "Rusak" in table


def test_what_is_missing_is_said_beside_the_field(client: FlaskClient, database: Database) -> None:
    csrf = sign_in(client, person(Role.HEAD_OF_GENERAL_AFFAIRS))
    answer = client.post(f"{HOME}/receive", data={"csrf_token": csrf, "first": "0010", "last": "5"})
    assert answer.status_code == 422
    assert 'id="f-letter_number' in answer.text


def test_choosing_nothing_is_refused(client: FlaskClient, database: Database) -> None:
    stocked(database, 1)
    csrf = sign_in(client, person(Role.SECRETARIAT))
    assert client.post(f"{HOME}/waiting", data={"csrf_token": csrf}).status_code == 422


def test_few_sheets_are_warned_of_on_the_work_list(client: FlaskClient, database: Database) -> None:
    stocked(database, 1)
    sign_in(client, person(Role.SECRETARIAT))
    assert "Tinggal 10 lembar blanko kosong" in client.get("/certificate/").text
