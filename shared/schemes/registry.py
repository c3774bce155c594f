"""The schemes that this system knows, every version of each (R27)."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from shared.clock import today
from shared.errors import N_, NotFound
from shared.schemes.scheme import Scheme

DATA = Path(__file__).parent / "data"


class BadScheme(Exception):
    """A scheme file that cannot be used; the message names the file and what is wrong."""


class Schemes:
    """All versions of all schemes; the version in force is the newest whose day has come."""

    def __init__(self, schemes: Iterable[Scheme]) -> None:
        self._versions: dict[str, list[Scheme]] = {}
        titles: dict[str, str] = {}
        for scheme in sorted(schemes, key=_age):
            versions = self._versions.setdefault(scheme.id, [])
            if any(other.version == scheme.version for other in versions):
                raise BadScheme(f"{scheme.id} {scheme.version} is there twice")
            versions.append(scheme)
            for unit in scheme.units:
                # attempts are counted per unit across schemes (R28), so one code must mean one unit
                if titles.setdefault(unit.code, unit.title.id) != unit.title.id:
                    raise BadScheme(f"{scheme.id} {scheme.version}: unit {unit.code} has another title elsewhere")

    def get(self, scheme_id: str, version: str | None = None) -> Scheme:
        """A scheme in that version, or without one the version in force today. Raises NotFound when there is none."""
        versions = self._versions.get(scheme_id, [])
        if version is None:
            day = today()
            found = next((one for one in reversed(versions) if one.in_force_from <= day), None)
        else:
            found = next((one for one in versions if one.version == version), None)
        if found is None:
            raise NotFound(
                "scheme-unknown", N_("Skema {scheme} tidak dikenal; pilih dari daftar skema."), scheme=scheme_id
            )
        return found

    def current(self) -> list[Scheme]:
        """The version in force of every scheme, by title."""
        day = today()
        in_force = (
            next((one for one in reversed(versions) if one.in_force_from <= day), None)
            for versions in self._versions.values()
        )
        return sorted((one for one in in_force if one), key=lambda scheme: scheme.title.id)

    def all(self) -> list[Scheme]:
        """Every version of every scheme, oldest first."""
        return [scheme for versions in self._versions.values() for scheme in versions]


def _age(scheme: Scheme) -> tuple[str, object, list[int]]:
    return scheme.id, scheme.in_force_from, [int(part) for part in scheme.version.split(".")]


def load_schemes(folder: Path) -> Schemes:
    """The schemes in the files `<scheme-id>/<version>.yaml` under `folder`, checked. Raises BadScheme."""
    return Schemes(_read(file) for file in sorted(folder.glob("*/*.yaml")))


def _read(file: Path) -> Scheme:
    try:
        scheme = Scheme.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise BadScheme(f"{file}: {error}") from error
    if (scheme.id, scheme.version) != (file.parent.name, file.stem):
        raise BadScheme(f"{file}: holds {scheme.id} {scheme.version}, which belongs in another file")
    return scheme


@lru_cache(maxsize=1)
def shipped_schemes() -> Schemes:
    """The schemes shipped with the system, read once."""
    return load_schemes(DATA)
