"""What every page shows of the whole system: the places of all services, and their names in English."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from shared.security.roles import Role
from shared.web.navigation import Navigation, Place


@cache
def make_navigation(names: tuple[str, ...]) -> Navigation:
    """The places of these services, in this order, out of each one's `places.py`, which loads nothing else of it."""
    places: list[Place] = []
    landings: dict[Role, str] = {}
    for name in names:
        module = import_module(f"services.{name}.places")
        places += module.PLACES
        landings |= dict.fromkeys(module.LANDS, f"/{name}/")
    return Navigation(tuple(places), landings)


@cache
def list_catalogues(names: tuple[str, ...]) -> tuple[Path, ...]:
    """The English .po files of these services."""
    specs = [find_spec(f"services.{name}") for name in names]
    folders = [Path(folder) for spec in specs if spec for folder in spec.submodule_search_locations or ()]
    return tuple(file for folder in folders for file in folder.glob("translations/en.po"))
