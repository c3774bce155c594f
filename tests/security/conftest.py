"""One body for all walks: they change nothing, or only what is their own."""

from collections.abc import Iterator

import httpx
import pytest

from kompeten.demo import cases
from kompeten.demo.cast import Cast, assemble_cast
from kompeten.demo.client import Client
from services.registration.commands.accounts import OpenStaffAccount
from shared import clock
from shared.clock import today
from shared.documents.authority import create_demo_authority
from shared.objectstore import object_store
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from tests.security.body import Body
from tests.security.story import Story
from tests.unit.registration.people import open_with_password

PASSWORD = "sandi contoh untuk jelajah"


@pytest.fixture(scope="package")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Body]:
    folder = tmp_path_factory.mktemp("body")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPETEN_DATA_DIR", str(folder))
        patch.setenv("KOMPETEN_TRIAL", "true")
        _forget()
        create_keys(folder / "keys")
        create_demo_authority(folder / "keys")
        made = Body()
        yield made
        made.close()
    _forget()


@pytest.fixture(scope="package")
def story(body: Body) -> Iterator[Story]:
    """A certification with appeal and re-assessment, played through the API: records of every stage."""
    with body.services["registration"].database.unit_of_work() as session:
        wanted = OpenStaffAccount(name="ADMINISTRATOR CONTOH", email="admin@contoh.test", roles=[Role.ADMINISTRATOR])
        open_with_password(session, wanted, PASSWORD)
    with httpx.Client(transport=httpx.WSGITransport(app=body)) as http:
        nobody = Client("http://contoh.test", http=http)
        cast: Cast = assemble_cast(nobody, nobody.signed_in("admin@contoh.test", PASSWORD), PASSWORD, today())
        yield Story(body, cast, cases.certify_after_appeal(cast, lambda _line: None))


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """A trial's clock can be moved, and whoever asks every operation moves it: afterwards it is now again."""
    yield
    clock.set_ahead(0)


def _forget() -> None:
    settings.cache_clear()
    object_store.cache_clear()
