"""Each declaration is whole, and every file that must name the services names just those of the list."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.exceptions import HTTPException

from kompeten.services import NAMES, find_service, list_services
from shared.contracts.envelope import Fact
from shared.contracts.tellers import TELLERS, source_of, teller_of
from shared.database.unit import Database
from shared.runtime.service import Service
from shared.web import App, navigation

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest) -> Service:
    return find_service(request.param)


def application_of(service: Service) -> App:
    return service.make_application(Database(service.name, "sqlite://"))


def leads_somewhere(application: App, path: str) -> bool:
    try:
        application.url_map.bind("lsp.contoh.test").match(path, method="GET")
    except HTTPException:
        return False
    return True


def test_every_folder_of_a_service_is_in_the_list() -> None:
    assert {path.parent.name for path in (ROOT / "services").glob("*/service.py")} == set(NAMES)


def test_a_service_is_called_the_same_everywhere(service: Service) -> None:
    assert service.folder == ROOT / "services" / service.name
    assert service.migrations.folder.is_dir()
    assert service.reactions is None or service.reactions.service == service.name
    assert service.jobs is None or service.jobs.service == service.name


def test_all_addresses_of_a_service_are_below_its_name(service: Service) -> None:
    rules = [rule.rule for rule in application_of(service).url_map.iter_rules()]
    assert [rule for rule in rules if not rule.startswith(f"/{service.name}/")] in ([], [f"/{service.name}"])


def test_its_places_are_pages_of_its_own(service: Service) -> None:
    application = application_of(service)
    for place in (*service.places, *service.menu):
        assert place.path.startswith(f"/{service.name}/")
        assert leads_somewhere(application, place.path), place.path
    assert leads_somewhere(application, f"/{service.name}/")


@pytest.mark.parametrize(
    "path",
    [
        navigation.HOME, navigation.SIGN_IN, navigation.REGISTER, navigation.PROCEDURES, navigation.CHECK,
        navigation.ACCOUNT,
    ],
)  # fmt: skip
def test_the_pages_that_every_layout_links_to_are_there(path: str) -> None:
    assert leads_somewhere(application_of(find_service(path.split("/")[1])), path)


def test_who_announces_facts_has_its_outbox_relayed() -> None:
    tellers = {teller_of(fact.type) for fact in Fact.all()}
    assert tellers <= {service.name for service in list_services() if service.tells}
    assert {service.name for service in list_services() if service.tells_agencies} == {
        teller_of("id.kompeten.public.x")
    }


def test_every_service_has_keys_by_which_the_others_know_it() -> None:
    assert TELLERS == NAMES


@pytest.mark.parametrize("fact", list(Fact.all()), ids=lambda fact: fact.type)
def test_source_and_teller_follow_from_the_type(fact: type[Fact]) -> None:
    assert source_of(fact.type) == f"/{fact.service}"
    assert teller_of(fact.type) in NAMES


def test_the_proxy_knows_every_service() -> None:
    assert tuple(re.findall(r"^\timport service (\w+)$", (ROOT / "deploy/proxy/Caddyfile").read_text(), re.M)) == NAMES
    assert tuple(COMPOSE["proxy"]["depends_on"]) == NAMES


def test_the_deployment_makes_a_database_a_role_and_a_user_for_every_service() -> None:
    def of_services(container: str, kind: str) -> set[str]:
        return {secret for secret in COMPOSE[container]["secrets"] if secret.startswith(kind)}

    assert tuple(COMPOSE["roles"]["environment"]["SERVICES"].split()) == NAMES
    databases = {f"postgres_{name}_password" for name in (*NAMES, "owner", "backup")} | {"postgres_password"}
    assert of_services("roles", "postgres_") == databases
    users = {f"rabbitmq_{name}_password" for name in (*NAMES, "topology", "admin")}
    assert of_services("topology", "rabbitmq_") == users
    for name in NAMES:
        assert COMPOSE[name]["command"] == ["serve", name]
        assert COMPOSE[name]["environment"]["KOMPETEN_BROKER_URL"].startswith(f"amqp://{name}@")


@pytest.mark.parametrize("name", NAMES)
def test_the_places_can_be_read_without_the_rest_of_the_service(name: str) -> None:
    """Every container shows the places of all services, and holds no more of them in memory."""
    source = (ROOT / "services" / name / "places.py").read_text()
    assert re.findall(r"^(?:from|import) services", source, re.M) == []
