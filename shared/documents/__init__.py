"""Documents made to last: Jinja2 templates set by Typst as PDF/A-3a and PDF/UA-1, signed as PAdES B-B."""

from shared.documents.glyphs import find_unprintable
from shared.documents.rendering import DocumentError, render_pdf

__all__ = ["DocumentError", "find_unprintable", "render_pdf"]
