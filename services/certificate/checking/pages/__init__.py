"""The check's pages, and the addresses that stand in every credential: importing a part adds its views."""

from services.certificate.checking.pages import check, credentials  # noqa: F401 - they add their views
