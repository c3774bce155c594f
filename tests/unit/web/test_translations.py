"""Everything a person reads has an English form: msgids are gathered from code and templates, none may be without."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kompeten.navigation import list_catalogues
from kompeten.services import NAMES
from shared.web.translation import SHARED_CATALOGUES

ROOT = Path(__file__).parents[3]
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "tell": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def owners() -> list[str]:
    services = [
        f"services/{folder.name}" for folder in (ROOT / "services").iterdir() if (folder / "__init__.py").exists()
    ]
    return sorted(["shared", "kompeten", *services])


def messages_of(owner: str) -> dict[str, list[str]]:
    """Msgid -> where it stands."""
    found: dict[str, list[str]] = defaultdict(list)
    for file, line, message, *_ in extract_from_dir(str(ROOT / owner), METHODS, keywords=KEYWORDS):
        for msgid in [message] if isinstance(message, str) else message:
            if msgid:
                found[msgid].append(f"{owner}/{file}:{line}")
    return found


def forms(text: str | Sequence[str] | None) -> list[str]:
    """Singular and plural, or the one form there is."""
    return [text] if isinstance(text, str) else list(text or [])


def english() -> dict[str, str]:
    known: dict[str, str] = {}
    for file in (*SHARED_CATALOGUES, *list_catalogues(NAMES)):
        with file.open("rb") as source:
            for message in read_po(source, locale="en", abort_invalid=True):
                known |= {one: text for one, text in zip(forms(message.id), forms(message.string), strict=True) if text}
    known.pop("", None)
    return known


@pytest.mark.parametrize("owner", owners())
def test_every_message_has_an_english_form(owner: str) -> None:
    known = english()
    missing = {message: places[0] for message, places in messages_of(owner).items() if message not in known}
    assert not missing


def test_an_english_form_asks_for_no_value_that_nobody_gives() -> None:
    for message, text in english().items():
        assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(message)), message


def test_a_message_in_two_catalogues_reads_alike_in_both() -> None:
    seen: dict[str, tuple[str, Path]] = {}
    for file in (*SHARED_CATALOGUES, *list_catalogues(NAMES)):
        with file.open("rb") as source:
            for message in read_po(source, locale="en"):
                if message.id and isinstance(message.id, str) and isinstance(message.string, str):
                    text, first = seen.setdefault(message.id, (message.string, file))
                    assert text == message.string, f"{message.id!r} in {first} and {file}"
