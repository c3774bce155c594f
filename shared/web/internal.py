"""Views for who runs the system: they answer inside it, and to nobody who comes through the proxy."""

from flask import request

from shared.errors import NotFound
from shared.ip_addresses import parse_ip_address
from shared.web.access import allow_bearers
from shared.web.problems import MESSAGES

INTERNAL = "the internal network"
FORWARDED = ("X-Forwarded-For", "Forwarded")
"""Headers of which every proxy adds one: who could leave them out comes by no proxy."""


def refuse_outsiders() -> None:
    """Raise NotFound unless the request comes straight from a private address: to everybody else nothing is here."""
    if any(header in request.headers for header in FORWARDED) or not _is_private(request.remote_addr):
        raise NotFound("not-found", MESSAGES[404])


def _is_private(address: str | None) -> bool:
    found = parse_ip_address((address or "").partition("%")[0])
    return found is not None and (found.is_loopback or found.is_private)


internal = allow_bearers(INTERNAL, refuse_outsiders)
"""Marks a view that only the internal network may use."""
