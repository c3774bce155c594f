"""Assessment's JSON API under `/assessment/api`: importing a part adds its views."""

from services.assessment.api import cases, preassessment, registers, sittings, theday
from services.assessment.api.blueprint import api

__all__ = ["api", "cases", "preassessment", "registers", "sittings", "theday"]
