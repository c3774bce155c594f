"""Decision's JSON API under `/decision/api`: importing a part adds its views."""

from services.decision.api import appeals, cases, meetings, officers, own  # noqa: F401 - they add their views
from services.decision.api.blueprint import api

__all__ = ["api"]
