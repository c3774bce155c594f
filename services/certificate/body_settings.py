"""Who issues and what the holder agrees to, by the body's data in force (decision 62), and the layouts."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.body_data import DataFile, Strict
from shared.schemes import Title

HERE = Path(__file__).parent
DOCUMENTS = HERE / "documents"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


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


BODY = DataFile("body.yaml", Body)
AGREEMENT = DataFile("agreement.yaml", AgreementText)
PAPER = DataFile("paper.yaml", PaperSettings)


def certification_body() -> Body:
    """Return who issues."""
    return BODY.read()


def agreement_text() -> AgreementText:
    """Return the agreement of use in force (R17)."""
    return AGREEMENT.read()


def paper_settings() -> PaperSettings:
    """Return the settings of the stock of sheets."""
    return PAPER.read()


def find_stock_template(name: str) -> Path:
    """The variant of a layout for pre-printed sheets; a layout may have none."""
    return DOCUMENTS / f"{name}-stock.typ"


def find_template(name: str) -> Path:
    """The layout that a certificate was issued with: versions stay, so that an old certificate never changes."""
    return DOCUMENTS / f"{name}.typ"
