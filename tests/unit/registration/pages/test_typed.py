"""The applicant's form, filled in twice at once: nobody's words go under, and sections do not collide."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.database.unit import Database
from shared.web import App
from tests.unit.registration.browser import have_applicant, send, sign_in
from tests.unit.registration.files import SCHEME, period
from tests.unit.registration.forms import FILLED

HOME = "/registration/applications"
HIDDEN = ("csrf_token", "form_state", "version")
PERSONAL = {f"personal.{name}": str(value) for name, value in FILLED["personal"].items()}


@pytest.fixture
def siti(app: App, database: Database) -> FlaskClient:
    with database.unit_of_work() as session:
        period(session)
    have_applicant(database, "siti@contoh.test")
    client = app.test_client()
    sign_in(client, "siti@contoh.test")
    return client


@pytest.fixture
def address(siti: FlaskClient) -> str:
    started = send(siti, f"{HOME}/new", {"scheme_id": SCHEME})
    return started.location.replace("/requirements", "/form/personal")


def open_tab(client: FlaskClient, address: str) -> dict[str, str]:
    """The hidden fields of the form as one tab has them."""
    return hidden_of(client.get(address))


def hidden_of(answer: TestResponse) -> dict[str, str]:
    form = answer.text[answer.text.index('id="isian-1"') :]
    found = {name: re.search(f'name="{name}" value="([^"]*)"', form) for name in HIDDEN}
    return {name: match[1] for name, match in found.items() if match}


def saved(client: FlaskClient, address: str, name: str) -> str:
    found = re.search(rf'name="personal\.{name}"[^>]*value="([^"]*)"', client.get(address).text)
    assert found
    return found[1]


def test_two_values_of_a_stale_tab_stand_side_by_side_and_one_is_chosen(siti: FlaskClient, address: str) -> None:
    first, second = open_tab(siti, address), open_tab(siti, address)
    siti.post(address, data={**PERSONAL, **second, "personal.phone": "081200000002"})
    mine = {**PERSONAL, "personal.phone": "081200000001"}
    refused = siti.post(address, data={**mine, **first})
    assert refused.status_code == 409
    assert 'value="081200000001"' in refused.text
    assert "<strong>081200000002</strong>" in refused.text
    assert refused.text.count('name="_take.') == 2, "of the one field that both changed"
    again = siti.post(address, data={**mine, **hidden_of(refused), "_take.personal.phone": "theirs"})
    assert again.status_code == 303
    assert saved(siti, address, "phone") == "081200000002"


def test_mine_is_kept_where_that_is_chosen(siti: FlaskClient, address: str) -> None:
    first, second = open_tab(siti, address), open_tab(siti, address)
    siti.post(address, data={**PERSONAL, **second, "personal.phone": "081200000002"})
    mine = {**PERSONAL, "personal.phone": "081200000001"}
    refused = siti.post(address, data={**mine, **first})
    siti.post(address, data={**mine, **hidden_of(refused), "_take.personal.phone": "mine"})
    assert saved(siti, address, "phone") == "081200000001"


def test_what_only_one_tab_changed_is_put_together(siti: FlaskClient, address: str) -> None:
    siti.post(address, data={**PERSONAL, **open_tab(siti, address)})
    first, second = open_tab(siti, address), open_tab(siti, address)
    siti.post(address, data={**PERSONAL, **second, "personal.phone": "081200000002"})
    answer = siti.post(address, data={**PERSONAL, **first, "personal.birth_place": "Kota Contoh"})
    assert answer.status_code == 303
    assert saved(siti, address, "phone") == "081200000002"
    assert saved(siti, address, "birth_place") == "Kota Contoh"


def test_sections_do_not_collide(siti: FlaskClient, address: str) -> None:
    mine = open_tab(siti, address)
    other = address.replace("/personal", "/work")
    assert siti.post(other, data={**open_tab(siti, other), "job.employer": "Lembaga Contoh"}).status_code == 303
    assert open_tab(siti, other)["version"] != mine["version"]
    assert siti.post(address, data={**PERSONAL, **mine}).status_code == 303


def test_a_program_that_tells_only_a_version_is_still_refused(siti: FlaskClient, address: str) -> None:
    first = open_tab(siti, address)
    siti.post(address, data={**PERSONAL, **open_tab(siti, address)})
    del first["form_state"]
    assert siti.post(address, data={**PERSONAL, **first}).status_code == 409


@pytest.mark.parametrize(
    ("name", "value"), [("nik", "123"), ("birth_date", "2030-01-01"), ("email", "bukan-surel"), ("city_code", "9")]
)
def test_a_wrong_value_is_saved_and_said_beside_its_field(
    siti: FlaskClient, address: str, name: str, value: str
) -> None:
    fields: dict[str, Any] = {**PERSONAL, f"personal.{name}": value}
    answer = siti.post(address, data={**fields, **open_tab(siti, address)})
    assert answer.location == address, "one stays on the page"
    shown = siti.get(address).text
    assert "tersimpan sebagai rancangan" in shown
    assert f'id="f-personal-{name}-error"' in shown
    assert f'value="{value}"' in shown
    assert shown.count('class="error"') == 1, "what is only missing is told apart, above"


def test_what_is_only_missing_does_not_hold_anybody_up(siti: FlaskClient, address: str) -> None:
    answer = siti.post(address, data={"personal.name": "SITI CONTOH", **open_tab(siti, address)})
    assert answer.location == address.replace("/personal", "/education")
    assert 'class="error"' not in siti.get(address).text
