"""Writing a mail from its template: plain text, in the recipient's language."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.clock import JAKARTA
from shared.settings import settings

FOLDER = Path(__file__).parent / "templates" / "mails"
LANGUAGES = ("id", "en")
DATE = "d MMMM y"
TITLE_LENGTH = 300
PLACE_OF_LINK = "[tautan]"
"""Stands in the text of a mail where its secret link comes to when it is sent."""


def write_letter(letter: str, language: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of the template `letter`, filled with `context`; Indonesian for a language that is not known.

    Raises jinja2.UndefinedError for a value that is missing: a letter with a gap must not go out.
    """
    language = language if language in LANGUAGES else "id"
    environment = _environment(language)
    known = {**context, "lsp_name": settings().lsp_name}
    written = environment.get_template(f"{letter}.{language}.txt").render(known)
    title, _, body = written.strip().partition("\n")
    text = environment.get_template(f"frame.{language}.txt").render({**known, "body": body.strip()})
    return " ".join(title.split())[:TITLE_LENGTH], text.strip() + "\n"


def absolute_address(path: str) -> str:
    """The address of `path` below the public address of the system; one with a host stays as it is."""
    return path if "://" in path else settings().public_url.rstrip("/") + path


@lru_cache(maxsize=2)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - plain text, nothing to escape
    )
    environment.filters.update(tanggal=lambda day: _day(day, language), waktu=lambda moment: _moment(moment, language))
    return environment


def _day(value: date | datetime, language: str) -> str:
    day = value.astimezone(JAKARTA).date() if isinstance(value, datetime) else value
    return format_date(day, DATE, locale=language)


def _moment(value: datetime, language: str) -> str:
    local = value.astimezone(JAKARTA)
    separator = "." if language == "id" else ":"
    return f"{_day(local, language)} {local:%H}{separator}{local:%M} WIB"
