"""What a scheme file holds: one cluster in one version, with its units, elements and criteria (R27).

A file that breaks a rule is refused when it is loaded, so that nobody applies under a scheme that cannot be assessed.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
SAMPLE = "(contoh)"


class Method(StrEnum):
    """Ways to gather evidence that a scheme offers; pre-assessment chooses among them per unit (process 2.6)."""

    PORTFOLIO = "portfolio"
    INTERVIEW = "interview"
    OBSERVATION = "observation"
    WRITTEN = "written"
    ORAL = "oral"
    THIRD_PARTY = "third_party"


class Strict(BaseModel):
    """A part of a scheme file: unchangeable, and with no field that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Title(Strict):
    """Indonesian and English; the certificate shows both (domain handbook 5)."""

    id: Text
    en: Text

    def __str__(self) -> str:
        return self.id

    def in_language(self, language: str) -> str:
        """The English title for `en`, the Indonesian one for every other language."""
        return self.en if language == "en" else self.id


class Standard(Strict):
    """The standard of competency the units come from."""

    reference: Text
    title: Text


class Criterion(Strict):
    """One performance criterion (KUK)."""

    code: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    text: Text


class Element(Strict):
    """An element of a unit, with its performance criteria (KUK)."""

    code: Annotated[str, StringConstraints(pattern=r"^\d+$")]
    title: Title
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _criteria_are_its_own(self) -> Self:
        _unique("criterion", (criterion.code for criterion in self.criteria))
        for criterion in self.criteria:
            if not criterion.code.startswith(f"{self.code}."):
                raise ValueError(f"criterion {criterion.code} does not belong to element {self.code}")
        return self


class Unit(Strict):
    """A unit of competency: the thing judged. `verified` is false for samples, which say so in their title."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]\.\d{2}[A-Z]{3}\d{2}\.\d{3}\.\d$")]
    verified: bool
    title: Title
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _elements_differ(self) -> Self:
        _unique("element", (element.code for element in self.elements))
        if not self.verified and SAMPLE not in self.title.id:
            raise ValueError(f"unit {self.code} is not verified, so its title must say {SAMPLE}")
        return self

    def element(self, code: str) -> Element | None:
        """The unit's element with this code, or None."""
        return next((element for element in self.elements if element.code == code), None)


class Scheme(Strict):
    """One cluster, in one version, in force from a day on.

    `fee` is in rupiah, 0 means free of charge and then no payment step is shown (process 2.2); `kbli`, `kbji` and
    `kkni_level` are parts of the certificate number; `validity_years` counts from the day of issue.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,58}$")]
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d+$")]
    in_force_from: date
    title: Title
    field: Title
    standard: Standard
    kkni_level: Annotated[int, Field(ge=1, le=9)]
    kbli: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    kbji: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
    validity_years: Annotated[int, Field(ge=1, le=10)] = 3
    fee: Annotated[int, Field(ge=0)] = 0
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        _unique("unit", (unit.code for unit in self.units))
        _unique("method", self.methods)
        return self

    @property
    def codes(self) -> list[str]:
        """The unit codes, in the scheme's order."""
        return [unit.code for unit in self.units]

    def unit(self, code: str) -> Unit | None:
        """The scheme's unit with this code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)


def _unique(kind: str, codes: Iterable[str]) -> None:
    twice = [code for code, times in Counter(codes).items() if times > 1]
    if twice:
        raise ValueError(f"{kind} given twice: {', '.join(twice)}")
