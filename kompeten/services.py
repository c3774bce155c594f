"""The services of the system: the one list of them, in the order of the process.

A declaration is loaded when it is asked for: a container that serves one stage holds no other stage in memory, which
would be 85 MB more in the smallest of them, and two seconds of its start.
"""

from dataclasses import replace
from functools import cache
from importlib import import_module

from kompeten.navigation import list_catalogues, make_navigation
from shared.runtime.service import Service

NAMES = ("registration", "assessment", "decision", "certificate", "surveillance", "notification")


@cache
def find_service(name: str) -> Service:
    """The service that `services/<name>/service.py` declares, its pages showing the places of all.

    Raises KeyError when there is none of that name.
    """
    if name not in NAMES:
        raise KeyError(name)
    declared: Service = import_module(f"services.{name}.service").service
    return replace(declared, navigation=make_navigation(NAMES), catalogues=list_catalogues(NAMES))


def list_services() -> tuple[Service, ...]:
    """All of them."""
    return tuple(find_service(name) for name in NAMES)
