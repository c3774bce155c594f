"""The schemes that this system knows, every version of each (R27)."""

from collections.abc import Iterable
from typing import cast

from shared.body_data import BadData, Fault, KeptFile, Tree, data_in_force
from shared.body_data.reading import parse_file
from shared.clock import today
from shared.errors import N_, NotFound
from shared.schemes.scheme import Scheme


class Schemes:
    """All versions of all schemes; the version in force is the newest whose day has come."""

    def __init__(self, schemes: Iterable[Scheme]) -> None:
        self._versions: dict[str, list[Scheme]] = {}
        for scheme in sorted(schemes, key=_age):
            self._versions.setdefault(scheme.id, []).append(scheme)

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


def load_schemes(tree: Tree) -> Schemes:
    """The schemes in the files `schemes/<id>/<version>.yaml` of the body's data, checked. Raises BadData."""
    read: list[tuple[KeptFile, Scheme]] = []
    faults: list[Fault] = []
    for file in tree.schemes:
        try:
            read.append((file, _parse(file)))
        except BadData as bad:
            faults += bad.faults
    faults += _find_other_titles(read)
    if faults:
        raise BadData(faults)
    return Schemes(scheme for _, scheme in read)


def _parse(file: KeptFile) -> Scheme:
    scheme = parse_file(file.path, file.text, Scheme)
    if file.name != f"schemes/{scheme.id}/{scheme.version}.yaml":
        what = f"holds {scheme.id} {scheme.version}, which belongs into schemes/{scheme.id}/{scheme.version}.yaml"
        raise BadData([Fault(file.path, None, what)])
    return scheme


def _find_other_titles(read: Iterable[tuple[KeptFile, Scheme]]) -> list[Fault]:
    """Attempts are counted per unit across schemes (R28), so one code must mean one unit."""
    titles: dict[str, str] = {}
    return [
        Fault(file.path, None, f"unit {unit.code} has another title in another scheme: write both alike")
        for file, scheme in read
        for unit in scheme.units
        if titles.setdefault(unit.code, unit.title.id) != unit.title.id
    ]


def shipped_schemes() -> Schemes:
    """The schemes this process works by: those shipped with the system, and those of the operator's folder."""
    tree = data_in_force()
    return cast(Schemes, tree.make_once("schemes", lambda: load_schemes(tree)))
