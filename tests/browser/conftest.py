"""The embedded system, and a real browser in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kompeten.demo.cast import Cast, assemble_cast
from kompeten.demo.client import Client
from shared.clock import today
from tests.browser.visitor import Visitor
from tests.end_to_end.systems import PASSWORD, embedded, free_port

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = (1200, 900)
PHONE = (390, 844)
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with embedded(tmp_path_factory.mktemp("browser"), port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def cast(address: str) -> Iterator[Cast]:
    """The body's people signed in over the API, officers appointed, a period open."""
    with httpx.Client(timeout=30) as http:
        nobody = Client(address, http=http)
        yield assemble_cast(nobody, nobody.signed_in("administrator@contoh.test", PASSWORD), PASSWORD, today())


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str, tmp_path: Path) -> Iterator[Visit]:
    """Open a browser window of its own; `visit(size=PHONE, scripts=False)` on a phone without JavaScript."""
    opened: list[Page] = []

    def open_window(*, size: tuple[int, int] = DESK, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            base_url=address,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale="id-ID",
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        opened.append(context.new_page())
        return Visitor(opened[-1], tmp_path, scripts)

    yield open_window
    for page in opened:
        page.context.close()
