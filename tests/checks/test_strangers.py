"""Whatever somebody without an account may ask has a limit, and the limit holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits import parse

from kompeten.access import list_strangers_routes
from kompeten.services import NAMES, find_service
from shared.database.unit import Database
from shared.security import keys
from shared.settings import settings
from shared.web import access
from shared.web.access import Limit


@pytest.fixture
def make_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], FlaskClient]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    keys.create_keys(tmp_path / "keys")

    def make(service: str) -> FlaskClient:
        app: Any = find_service(service).make_application(Database(service, "sqlite://"))
        return app.test_client()  # type: ignore[no-any-return]

    return make


@pytest.mark.parametrize("service", NAMES)
def test_every_route_that_needs_no_account_has_a_limit(service: str, make_client: Callable[[str], FlaskClient]) -> None:
    app: Any = make_client(service).application
    routes = list(list_strangers_routes([app]))
    assert {path for path, *_ in routes} >= {f"/{service}/health", f"/{service}/ready", f"/{service}/openapi.json"}
    for path, method, rate in routes:
        assert parse(rate.removesuffix(" in each process")).amount, f"{method} {path} has no limit"


@pytest.mark.parametrize("path", ["/registration/health", "/registration/nothing", "/registration/api/me"])
def test_it_holds_for_what_is_read_is_not_there_or_wants_an_account(
    path: str, make_client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("3/minute", access.READING.methods, of_process=True)
    monkeypatch.setattr(access, "READING", few)
    monkeypatch.setattr("shared.web.limits.READING", few)
    client = make_client("registration")
    statuses = [client.get(path).status_code for _ in range(4)]
    assert 429 not in statuses[:3]
    assert statuses[3] == 429
    assert client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == statuses[0]


def test_the_network_that_is_counted_is_the_one_the_proxy_names(
    make_client: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means one visitor who uses up everybody's allowance, because all come from the proxy."""
    monkeypatch.setenv("KOMPETEN_PROXIES", "1")
    monkeypatch.setattr(access, "READING", Limit("3/minute", access.READING.methods, of_process=True))
    client = make_client("registration")

    def ask(forwarded: str) -> int:
        return client.get("/registration/health", headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask(f"198.51.100.{turn}, 192.0.2.1") for turn in range(4)] == [200, 200, 200, 429], (
        "what it claims is nothing"
    )
    assert ask("192.0.2.2") == 200
