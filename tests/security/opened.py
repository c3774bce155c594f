"""A body in a folder of its own with keys, and the people of the demo in it, signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kompeten.demo.cast import Cast, assemble_cast
from kompeten.demo.client import Client
from services.registration.commands.accounts import OpenStaffAccount
from shared.clock import today
from shared.documents.authority import create_demo_authority
from shared.objectstore import object_store
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from tests.security.body import Body
from tests.unit.registration.people import open_with_password

PASSWORD = "sandi contoh untuk jelajah"


@contextmanager
def open_body(folder: Path) -> Iterator[Body]:
    """All services of a trial system that keeps what it keeps in `folder`."""
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


@contextmanager
def assembled_cast(body: Body) -> Iterator[Cast]:
    """The people of the demo, as its own commands make them, beginning with one administrator."""
    with body.services["registration"].database.unit_of_work() as session:
        wanted = OpenStaffAccount(name="ADMINISTRATOR CONTOH", email="admin@contoh.test", roles=[Role.ADMINISTRATOR])
        open_with_password(session, wanted, PASSWORD)
    with httpx.Client(transport=httpx.WSGITransport(app=body)) as http:
        nobody = Client("http://contoh.test", http=http)
        yield assemble_cast(nobody, nobody.signed_in("admin@contoh.test", PASSWORD), PASSWORD, today())


def _forget() -> None:
    settings.cache_clear()
    object_store.cache_clear()
