"""Every mail leads to a page that is there."""

from collections.abc import Iterator

import pytest
from werkzeug.routing import Map

from kompeten.services import NAMES, find_service
from services.notification.letters import LETTERS, Letter
from services.notification.writing import absolute_address
from shared.database.unit import Database
from tests.unit.notification.samples import sample


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Map]]:
    """The addresses each service answers."""
    databases = {service: Database(service, "sqlite://") for service in NAMES}
    yield {service: find_service(service).make_application(database).url_map for service, database in databases.items()}
    for database in databases.values():
        database.close()


@pytest.mark.parametrize("letter", [one for one in LETTERS if not one.secret], ids=lambda letter: letter.name)
def test_the_next_step_is_a_page_of_its_service(letter: Letter, pages: dict[str, Map]) -> None:
    path = letter.path(sample(letter.fact))
    service = path.split("/")[1]
    rule, _ = pages[service].bind("lsp.contoh.test").match(path, method="GET", return_rule=True)
    assert "/api/" not in rule.rule


def test_a_link_that_is_whole_stays_as_it_is() -> None:
    assert absolute_address("https://lain.contoh.test/x") == "https://lain.contoh.test/x"
