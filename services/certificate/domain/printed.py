"""All that stands on one sheet (R14; domain handbook 5)."""

from typing import Any

from pydantic import BaseModel, ConfigDict

Both = tuple[str, str]
"""A text in Indonesian and in English."""


class Printed(BaseModel):
    """What the layout prints, fixed when a version is drawn and kept with it; days and terms are written out in words.

    Nothing is required when it is read: a row of an older layout has what that layout printed, and may have more.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    number: str = ""
    registration_number: str = ""
    name: str = ""
    field: Both = ("", "")
    scheme: Both = ("", "")
    standard: str = ""
    validity: Both = ("", "")
    effective: Both = ("", "")
    expires: Both = ("", "")
    place_and_date: str = ""
    on_behalf: Both = ("", "")
    issuer: str = ""
    signatory: str = ""
    role: Both = ("", "")
    decree: str = ""
    units: tuple[tuple[str, str, str], ...] = ()
    """Code, title in Indonesian, title in English."""
    check_url: str = ""
    check_code: str = ""
    version: int = 1
    version_date: str = ""
    sample: bool = False

    def for_layout(self) -> dict[str, Any]:
        """Return what was written, as the layout's values; what is not there stays away, so that a layout misses it."""
        # Defaults left in would print an empty line on a certificate instead of refusing to make it.
        return self.model_dump(mode="json", exclude_unset=True)
