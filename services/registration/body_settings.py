"""The certification body's settings for the BNSP list: the code tables of `bnsp.yaml` (decision 62)."""

from services.registration.domain.form import EducationLevel
from services.registration.domain.request_list import Codes, CodeTables
from shared.body_data import DataFile, Strict


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


BNSP = DataFile("bnsp.yaml", Bnsp)


def read_code_tables() -> CodeTables:
    """Return the code tables in force."""
    read = BNSP.read()
    return CodeTables(
        education={level.value: code for level, code in read.education.items()},
        occupations=tuple((one.code, one.words) for one in read.occupations),
        defaults=Codes(**read.defaults.model_dump()),
    )
