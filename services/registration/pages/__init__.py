"""Registration's pages under `/registration`: importing a part adds its views."""

from services.registration.pages.blueprint import pages

__all__ = ["pages"]
