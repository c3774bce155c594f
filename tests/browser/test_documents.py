"""What a browser does with a document of a stranger: it is saved, and nothing of it is shown or run."""

from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Route

from shared.web.downloads import make_download
from tests.pdfs import ACTIVE, write_pdf

PLACE = "http://kompeten.example/registration/documents/1"


def test_a_pdf_with_a_script_is_saved_and_not_shown(browser: Browser) -> None:
    data = write_pdf(ACTIVE["a script at opening"][0])
    with Flask(__name__).app_context():
        answer = make_download(data, "ijazah.pdf", "application/pdf")

    def serve(route: Route) -> None:
        if route.request.url == PLACE:
            route.fulfill(status=200, headers=dict(answer.headers), body=data)
        else:
            route.fulfill(status=200, content_type="text/html", body=f'<a href="{PLACE}">Ijazah</a>')

    page = browser.new_page()
    page.route("**/*", serve)
    page.goto("http://kompeten.example/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Ijazah").click()
    assert Path(started.value.path()).read_bytes() == data
    assert started.value.suggested_filename == "ijazah.pdf"
    assert page.url == "http://kompeten.example/"
    page.close()
