"""Somebody in front of the browser. Every page they come to is looked over for what keeps people out."""

from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

LOOK_OVER = """() => {
  const wrong = [];
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push('the id ' + id + ' twice');
  if (!document.documentElement.lang) wrong.push('no language');
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  if (!document.querySelector('main')) wrong.push('no main');
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!e.labels.length && !e.getAttribute('aria-label')) wrong.push('no label for ' + e.name);
    for (const id of (e.getAttribute('aria-describedby') || '').split(' ').filter(Boolean))
      if (!document.getElementById(id)) wrong.push(e.name + ' is described by nothing: ' + id);
  }
  for (const e of document.querySelectorAll('fieldset'))
    if (!e.querySelector(':scope > legend')) wrong.push('a group without a name');
  for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) wrong.push('a picture without words');
  for (const e of document.querySelectorAll('a[href], button'))
    if (!e.textContent.trim() && !e.getAttribute('aria-label')) wrong.push('a link or button without words');
  for (const e of document.querySelectorAll('table'))
    if (!e.querySelector('th')) wrong.push('a table without headings');
  let level = 0;
  for (const e of document.querySelectorAll('main h1, main h2, main h3, main h4')) {
    const found = Number(e.tagName[1]);
    if (level && found > level + 1) wrong.push('heading ' + e.textContent + ' skips a level');
    level = found;
  }
  if (document.documentElement.scrollWidth > window.innerWidth) wrong.push('wider than the window');
  for (const e of document.querySelectorAll('[style], script:not([src])')) wrong.push('inline ' + e.tagName);
  return wrong;
}"""
"""What WCAG 2.2 asks that a program can see: names, labels, headings, reflow (1.3.1, 1.4.10, 2.4.6, 3.3.2, 4.1.2)."""


class Visitor:
    """One browser window. `scripts` is off for people without JavaScript; pages are then not looked over."""

    def __init__(self, page: Page, folder: Path, scripts: bool = True) -> None:
        self.page = page
        self._folder = folder
        self._scripts = scripts
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes_to(self, path: str) -> None:
        self.page.goto(path)
        self.looks_it_over()

    def signs_in(self, email: str, password: str) -> None:
        self.goes_to("/registration/sign-in")
        self.fills("Alamat surel", email)
        self.fills("Kata sandi", password)
        self.presses("Masuk")

    def fills(self, label: str, value: str) -> None:
        self.page.locator("main").get_by_label(label, exact=False).first.fill(value)

    def ticks(self, label: str) -> None:
        self.page.locator("main").get_by_label(label, exact=False).first.check()

    def presses(self, words: str) -> None:
        """Press a button and look at the page it leads to."""
        self.page.locator("main").get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state()
        self.looks_it_over()

    def follows(self, words: str) -> None:
        """Follow a link and look at the page it leads to."""
        self.page.get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        self.looks_it_over()

    def sees(self, words: str) -> bool:
        return words in self.page.locator("body").inner_text()

    def downloads(self, words: str) -> bytes:
        with self.page.expect_download() as started:
            self.page.get_by_role("link", name=words).first.click()
        return Path(started.value.path()).read_bytes()

    def looks_it_over(self) -> None:
        if self._scripts:
            found: list[Any] = self.page.evaluate(LOOK_OVER)
            assert not found, f"{self.page.url}: {found}"
        assert not self.complaints, f"{self.page.url}: {self.complaints}"

    def keeps_a_picture(self, name: str) -> Path:
        """A screenshot of the whole page, in the test's own folder."""
        path = self._folder / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def _heard(self, message: ConsoleMessage) -> None:
        """Chromium reports every answer of 4xx; what counts here is what the page itself does wrong."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)
