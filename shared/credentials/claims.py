"""What a credential says about one certificate.

Everything on it that a machine should know; of the person no more than the name (domain handbook 8).
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Indonesian and in English."""

    id: str
    en: str

    @property
    def both(self) -> str:
        return f"{self.id} / {self.en}"

    def in_language(self, language: str) -> str:
        """The English words for `en`, the Indonesian ones for every other language."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of competency the holder was judged competent in."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Claims:
    """One version of one certificate.

    `check_url` is `<base>/check/<token>`, unique to the version; `base` (`https://host/certificate`) is where did.json
    and the status lists are. `scheme_url` is where anybody can read the scheme. `expires_on` is the last day of
    validity, in Jakarta as `issued_on` is. `status_index` is the index of its bit in the status lists.
    """

    check_url: str
    version: int
    number: str
    holder_name: str
    issuer_name: str
    scheme: Words
    scheme_url: str
    scheme_version: str
    field: Words
    standard: str
    units: tuple[Unit, ...]
    issued_on: date
    expires_on: date
    status_index: int

    @property
    def base(self) -> str:
        return base_of_check_url(self.check_url)


def base_of_check_url(check_url: str) -> str:
    """The issuer's base address, `https://host/certificate`, of a check address. Raises ValueError for any other."""
    base, found, token = check_url.rpartition("/check/")
    if not found or not base or not token:
        raise ValueError("not the address of a check page")
    return base
