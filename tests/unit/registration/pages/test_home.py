import pytest
from flask.testing import FlaskClient

from shared.schemes import shipped_schemes


def test_the_public_home_shows_every_scheme_in_force(client: FlaskClient) -> None:
    shown = client.get("/registration/").text
    for scheme in shipped_schemes().current():
        assert scheme.title.id in shown


@pytest.mark.parametrize(
    "place", ["skema", "persyaratan", "proses", "hak", "tata-tertib", "banding", "pengaduan", "data-pribadi"]
)
def test_what_anybody_may_know_has_a_place_of_its_own(client: FlaskClient, place: str) -> None:
    """R21: scheme scope, prerequisites, process, appeal and complaint procedure are public without asking."""
    shown = client.get("/registration/information").text
    assert f'<h2 id="{place}">' in shown
    assert f'href="#{place}"' in shown


def test_a_free_scheme_shows_no_fee(client: FlaskClient) -> None:
    assert any(scheme.fee == 0 for scheme in shipped_schemes().current())
    assert "Tanpa biaya" in client.get("/registration/").text
