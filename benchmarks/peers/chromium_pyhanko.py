"""The certificate through headless Chromium, a warm page that is filled anew for each, and stock pyHanko.

Chromium attaches nothing and knows no PDF/A: the credential is made, and stays beside the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from playwright.sync_api import Page, sync_playwright

from benchmarks.peers.certificate_page import page
from benchmarks.peers.stock_pyhanko import StockSigner
from services.certificate.making.production import REASON, Sheet
from shared.credentials import badge, credential_key


@contextmanager
def warm(program: str) -> Iterator[Page]:
    """A page of a browser that runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def made(sheet: Sheet, signer: StockSigner, browser: Page) -> bytes:
    badge.issue_badge(sheet.claims, credential_key(), sheet.at)
    with NamedTemporaryFile("w", suffix=".html") as file:
        file.write(page(sheet))
        file.flush()
        browser.goto(Path(file.name).as_uri())
        pdf = browser.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    return signer.sign(pdf, REASON)
