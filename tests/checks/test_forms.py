"""Every form in which somebody types goes through `form_tag`, by which nothing typed is lost (decision 107)."""

import re
from pathlib import Path

import pytest

from tests.checks.source import ROOT

TEMPLATES = [
    path
    for room in ("services", "shared")
    for path in sorted((ROOT / room).rglob("templates/**/*.html"))
    if path.name != "forms.html"
]
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
MACROS = "text|date|moment|number|textarea|select|radios|checkboxes|checkbox|file"
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>|\{\{ ?(?:ui\.|f\.)?(?:" + MACROS + r")\(")


def list_forms_beside(text: str) -> list[str]:
    """Forms that send something typed or chosen and are not made by `form_tag`; a search has it in its address."""
    posted = [form for form in FORM.findall(text) if 'method="post"' in form.split(">", 1)[0]]
    return [form for form in posted if any('type="hidden"' not in field for field in FIELD.findall(form))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_typed_goes_through_the_one_form(path: Path) -> None:
    """If this fails: write the form as `{% call form_tag(form) %}`, or only with hidden fields and buttons."""
    assert not list_forms_beside(path.read_text())


def test_a_form_beside_it_is_found() -> None:
    hidden = '<form method="post"><input type="hidden" name="a"><button>Ya</button></form>'
    typed = '<form action="/x" method="post"><input name="a"></form>'
    assert list_forms_beside(hidden + typed + typed.replace("post", "get")) == [typed]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_group_of_fields_is_drawn_as_one(path: Path) -> None:
    """If this fails: write `<fieldset class="group">`; a bare one has the browser's own border and no space around."""
    assert "<fieldset>" not in path.read_text()
