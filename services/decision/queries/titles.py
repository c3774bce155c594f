"""What the units are called, in the version the application was filed under (R27)."""

from collections.abc import Iterable, Mapping

from services.decision.queries.views import UnitView
from shared.contracts.words import Judgement
from shared.errors import NotFound
from shared.schemes import Unit, shipped_schemes


def find_unit_titles(scheme_id: str, version: str) -> dict[str, str]:
    """Code -> title in the version the application was filed under; empty for a scheme not shipped here."""
    return {code: str(unit.title) for code, unit in find_units(scheme_id, version).items()}


def find_units(scheme_id: str, version: str) -> dict[str, Unit]:
    """Code -> unit in the version the application was filed under; empty for a scheme not shipped here."""
    try:
        scheme = shipped_schemes().get(scheme_id, version)
    except NotFound:
        return {}
    return {unit.code: unit for unit in scheme.units}


def describe_titled_units(
    codes: Iterable[str], titles: Mapping[str, str], found: Mapping[str, Judgement]
) -> list[UnitView]:
    """The units with their titles and what `found` says of each; a unit without a title is shown by its code."""
    return [UnitView(unit=code, title=titles.get(code, code), standing=found.get(code)) for code in codes]
