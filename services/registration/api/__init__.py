"""Registration's JSON API under `/registration/api`: importing a part adds its views."""

from services.registration.api.blueprint import api

__all__ = ["api"]
