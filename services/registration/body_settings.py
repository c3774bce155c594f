"""BNSP's code lists, read from this service's data file once and checked."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from services.registration.domain.form import EducationLevel
from services.registration.domain.request_list import Codes, CodeTables

FILE = Path(__file__).parent / "data" / "bnsp.yaml"


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Occupation(Strict):
    code: str
    words: tuple[str, ...]


class Defaults(Strict):
    schedule: str
    occupation: str
    budget: str
    ministry: str


class Bnsp(Strict):
    """`bnsp.yaml`."""

    education: dict[EducationLevel, str]
    occupations: tuple[Occupation, ...]
    defaults: Defaults


@lru_cache(maxsize=1)
def read_code_tables() -> CodeTables:
    read = Bnsp.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return CodeTables(
        education={level.value: code for level, code in read.education.items()},
        occupations=tuple((one.code, one.words) for one in read.occupations),
        defaults=Codes(**read.defaults.model_dump()),
    )
