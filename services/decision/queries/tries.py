"""What a candidate reads of a BK unit before choosing a way on (process 2.10; domain handbook 10)."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from services.decision.domain.appeals import MAX_REASSESSMENTS
from services.decision.models import DecisionCase, Recommendation
from services.decision.queries.own_views import TryView
from services.decision.queries.sittings import list_recommendations
from services.decision.queries.titles import find_units


def describe_tries(session: Session, case: DecisionCase, units: Iterable[str], had: Mapping[str, int]) -> list[TryView]:
    """Return each unit with the number its re-assessment would have, the assessors' reasons, and its elements.

    The reasons are those of the last attempt at the unit: the note on the unit, else the note on the whole.
    """
    known = find_units(case.scheme_id, case.scheme_version)
    attempts = sorted(list_recommendations(session, [case.id])[case.id], key=lambda one: one.attempt, reverse=True)
    return [
        TryView(
            unit=code,
            title=str(known[code].title) if code in known else code,
            number=had.get(code, 0) + 1,
            most=MAX_REASSESSMENTS,
            reasons=_list_reasons(code, attempts),
            elements=[str(element.title) for element in known[code].elements] if code in known else [],
        )
        for code in units
    ]


def _list_reasons(unit: str, attempts: Iterable[Recommendation]) -> list[str]:
    last = next((one for one in attempts if unit in one.units), None)
    note = ((last.unit_notes or {}).get(unit) or last.note) if last else ""
    return [note] if note else []
