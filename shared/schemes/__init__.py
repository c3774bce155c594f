"""Certification schemes as versioned data files, checked when they are loaded."""

from shared.schemes.registry import Schemes, load_schemes, shipped_schemes
from shared.schemes.scheme import Criterion, Element, Method, Scheme, Standard, Title, Unit

__all__ = [
    "Criterion",
    "Element",
    "Method",
    "Scheme",
    "Schemes",
    "Standard",
    "Title",
    "Unit",
    "load_schemes",
    "shipped_schemes",
]
