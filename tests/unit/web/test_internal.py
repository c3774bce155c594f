"""What every service tells of itself, inside the system only."""

import pytest
from flask.testing import FlaskClient

PATHS = ("/tiny/status", "/tiny/metrics")


@pytest.mark.parametrize("path", PATHS)
def test_it_answers_inside_the_system(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_nothing_is_there_for_who_comes_by_a_proxy(client: FlaskClient, path: str, header: str) -> None:
    assert client.get(path, headers={header: "10.0.0.1"}).status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("address", ["8.8.8.8", "2a00::1", "", "contoh"])
def test_nothing_is_there_for_an_address_of_the_internet(client: FlaskClient, path: str, address: str) -> None:
    assert client.get(path, environ_overrides={"REMOTE_ADDR": address}).status_code == 404


def test_the_probes_stay_what_they_are(client: FlaskClient) -> None:
    for path in ("/tiny/health", "/tiny/ready"):
        assert client.get(path).get_json() == {"status": "ok", "service": "tiny"}
