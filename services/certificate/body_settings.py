"""Who issues and what the holder agrees to, read from this service's data files once and checked."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.schemes import Title

HERE = Path(__file__).parent
DATA = HERE / "data"
DOCUMENTS = HERE / "documents"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Strict(BaseModel):
    """Settings that refuse a field they do not know: a typing error is found at the start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Body(Strict):
    """`body.yaml`: what stands on every certificate. `template` is the layout new certificates are made with."""

    sample: bool
    name: Title
    on_behalf: Title
    chair: Title
    acting_chair: Title
    place: Text
    sector_code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}$")]
    licence_serial: Annotated[str, StringConstraints(pattern=r"^\d{3,5}$")]
    template: Annotated[str, StringConstraints(pattern=r"^[a-z]+-\d+$")]


class AgreementText(Strict):
    """`agreement.yaml`: what the holder signs (R17)."""

    version: Text
    points: tuple[Title, ...]


class PaperSettings(Strict):
    """`paper.yaml`: from how few free sheets on the work list warns."""

    low_stock: Annotated[int, Field(ge=0)]


@lru_cache(maxsize=1)
def certification_body() -> Body:
    """Return who issues, from `body.yaml`, read once. Raises ValidationError for settings that don't fit."""
    return Body.model_validate(_read("body.yaml"))


@lru_cache(maxsize=1)
def agreement_text() -> AgreementText:
    """Return the agreement of use in force, from `agreement.yaml`, read once (R17)."""
    return AgreementText.model_validate(_read("agreement.yaml"))


@lru_cache(maxsize=1)
def paper_settings() -> PaperSettings:
    """Return the settings of the stock of sheets, from `paper.yaml`, read once."""
    return PaperSettings.model_validate(_read("paper.yaml"))


def find_stock_template(name: str) -> Path:
    """The variant of a layout for pre-printed sheets; a layout may have none."""
    return DOCUMENTS / f"{name}-stock.typ"


def find_template(name: str) -> Path:
    """The layout that a certificate was issued with: versions stay, so that an old certificate never changes."""
    return DOCUMENTS / f"{name}.typ"


def _read(name: str) -> object:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
