"""The certification body's settings for the BNSP list: code tables read from `data/bnsp.yaml` once and checked."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from services.registration.domain.form import EducationLevel
from services.registration.domain.request_list import Codes, CodeTables

FILE = Path(__file__).parent / "data" / "bnsp.yaml"


class Strict(BaseModel):
    """Part of the file; a key that is not known is refused, so that a misspelt one is not lost silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Occupation(Strict):
    """BNSP's code of an occupation, and the words in a job that stand for it."""

    code: str
    words: tuple[str, ...]


class Defaults(Strict):
    """The codes that stand where a period has none of its own."""

    schedule: str
    occupation: str
    budget: str
    ministry: str


class Bnsp(Strict):
    """`bnsp.yaml` as a whole."""

    education: dict[EducationLevel, str]
    occupations: tuple[Occupation, ...]
    defaults: Defaults


@lru_cache(maxsize=1)
def read_code_tables() -> CodeTables:
    """Return the code tables; the file is read once. Raises pydantic.ValidationError for a file that does not fit."""
    read = Bnsp.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return CodeTables(
        education={level.value: code for level, code in read.education.items()},
        occupations=tuple((one.code, one.words) for one in read.occupations),
        defaults=Codes(**read.defaults.model_dump()),
    )
