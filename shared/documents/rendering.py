"""From a template and data to an archival, accessible PDF: Jinja2 writes Typst, Typst sets the pages.

Templates are `.typ` files. Every `{{ value }}` arrives in Typst as a string literal, whatever it holds, so no value
can become code; write `#{{ name }}` in text and `{{ name }}` in code. Numbers and booleans are written as such.
"""

import unicodedata
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import jinja2
import typst

from shared.documents.glyphs import FONTS, find_unprintable, name_characters
from shared.documents.streams import replace_line_feeds
from shared.errors import N_, Invalid
from shared.runtime.offload import offload

TEMPLATES = Path(__file__).parent / "templates"
PROJECT = Path(__file__).parents[2]
"""Pictures in templates are named from here: `/services/certificate/documents/rosette.svg`."""
STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
LINE_MARKS = "\n\t"
MAIN = "main.typ"
NO_FILES: Mapping[str, bytes] = MappingProxyType({})

_idle: deque[typst.Compiler] = deque()
"""Compilers nobody uses just now: each is used by one thread at a time and is dear to make."""


class DocumentError(RuntimeError):
    """A template that cannot be filled or set: a mistake of ours, not of the person whose data it holds."""


def render_pdf(
    template: str | Path, data: Mapping[str, Any], *, at: datetime = EPOCH, files: Mapping[str, bytes] = NO_FILES
) -> bytes:
    """The PDF of `template` filled with `data`: PDF/A-3a and PDF/UA-1, the same bytes for the same input.

    `template` is a path, or a name under `shared/documents/templates`. `at` stands in the metadata as the time of
    making. `files` lie beside the template for this document alone, as text (UTF-8): pictures (`pictures.py` for
    photographs) and what is attached; the template finds their names in `files`.
    Raises `Invalid` for text that the bundled fonts cannot set, `DocumentError` for a broken template.
    """
    try:
        page = _environment(_folder(template)).get_template(Path(template).name)
        source = page.render(data, files=frozenset(files))
    except jinja2.TemplateError as error:
        raise DocumentError(f"{Path(template).name}: {type(error).__name__}: {error}") from error
    return offload(_compile, {MAIN: source.encode(), **files}, at)


def _folder(template: str | Path) -> Path:
    path = Path(template)
    return path.parent if path.is_absolute() else (TEMPLATES / path).parent


@lru_cache(maxsize=64)
def _environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, TEMPLATES]),
        finalize=typst_literal,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - Typst, not HTML: `finalize` is what escapes, for every value
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def typst_literal(value: object) -> str:
    """`value` as a Typst literal: numbers and booleans bare, all else as a quoted string in composed form (NFC)."""
    if isinstance(value, jinja2.Undefined):
        return str(value)
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is int:
        return f"({value})"
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    if missing := find_unprintable(text, also=LINE_MARKS):
        raise Invalid(
            "text-not-printable",
            N_("Teks memuat huruf yang tidak dapat dicetak: {characters}. Tulis dengan huruf Latin."),
            characters=name_characters(missing),
        )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _compile(sources: dict[str, bytes], at: datetime) -> bytes:
    try:
        compiler = _idle.pop()
    except IndexError:
        compiler = _compiler()
    try:
        pdf = compiler.compile(  # type: ignore[type-var]  # the stub forgets that it takes files by name
            sources, format="pdf", pdf_standards=[*STANDARDS], timestamp=int(at.timestamp())
        )
    except typst.TypstError as error:
        raise DocumentError(f"{error.message} {' '.join(error.hints)}") from error
    finally:
        _idle.append(compiler)
    assert isinstance(pdf, bytes)  # noqa: S101 - the binding's type says more than a PDF ever is
    return replace_line_feeds(pdf)


def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=PROJECT, font_paths=fonts)
