"""FR-APL-01 as data (process 2.2): everything optional, because a draft is kept at any time; filing checks it whole."""

from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.registration.domain import eligibility
from services.registration.domain.eligibility import Level
from services.registration.domain.identity import ungroup_nik
from services.registration.domain.lines import capitalise_line, tidy_line
from shared.errors import N_
from shared.pasted_text import CODE

LONGEST_LINE = 200


def _blank_is_nothing(value: Any) -> Any:
    return None if value == "" else value


def _blank_is_unsaid(value: Any) -> Any:
    return "" if value is None else value


Line = Annotated[
    str,
    StringConstraints(max_length=LONGEST_LINE),
    AfterValidator(partial(tidy_line, longest=LONGEST_LINE)),
    Field(description="One line of text, at most 200 characters."),
]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Capitals = Annotated[Line, AfterValidator(partial(capitalise_line, longest=LONGEST_LINE))]
Day = Annotated[date | None, BeforeValidator(_blank_is_nothing)]


Code = Annotated[str, CODE, StringConstraints(strip_whitespace=True, max_length=60)]
CodeLine = Annotated[Line, CODE]
Version = Annotated[
    int | None, Field(ge=1, description="The version that was read; refused with 409 when it is no longer that one.")
]


class Sex(StrEnum):
    """As the BNSP list writes it."""

    UNSAID = ""
    MALE = "L"
    FEMALE = "P"


class EducationLevel(StrEnum):
    """Levels as people write them, in order (domain handbook 3.1)."""

    UNSAID = ""
    SLTA = "SLTA"
    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4_S1 = "D4/S1"
    S2 = "S2"
    S3 = "S3"

    @property
    def level(self) -> Level | None:
        """The level as the admission rules compare it; None while unsaid."""
        return Level[self.name] if self else None


class Purpose(StrEnum):
    """Why one applies (data of application, process 2.2)."""

    UNSAID = ""
    CERTIFICATION = "certification"
    RECERTIFICATION = "recertification"
    OTHER = "other"


PURPOSES: dict[Purpose, str] = {
    Purpose.CERTIFICATION: N_("Sertifikasi"),
    Purpose.RECERTIFICATION: N_("Sertifikasi ulang"),
    Purpose.OTHER: N_("Lainnya"),
}


class Section(BaseModel):
    """Part of a form; what it does not know is refused, so that a misspelt field is not lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Personal(Section):
    """Personal data. The name is kept in block capitals, as FR-APL-01 wants it (domain handbook 3.2)."""

    name: Capitals = ""
    nik: Annotated[str, CODE, StringConstraints(max_length=32), AfterValidator(ungroup_nik)] = Field(
        "", description="16 digits; encrypted at rest."
    )
    birth_place: Line = ""
    birth_date: Day = None
    sex: Annotated[Sex, BeforeValidator(_blank_is_unsaid)] = Sex.UNSAID
    nationality: Line = "Indonesia"
    address: Line = ""
    city_code: CodeLine = Field("", description="4 digits, as BNSP numbers regencies and cities.")
    province_code: CodeLine = Field("", description="2 digits.")
    phone: CodeLine = ""
    email: CodeLine = ""


class Schooling(Section):
    """One education; `year` is that of graduation."""

    level: Annotated[EducationLevel, BeforeValidator(_blank_is_unsaid)] = EducationLevel.UNSAID
    field: Line = ""
    library_science: bool = False
    institution: Line = ""
    year: Annotated[Annotated[int, Field(ge=0, le=9999)] | None, BeforeValidator(_blank_is_nothing)] = None


class TrainingTaken(Section):
    """`competency_based`: based on competency, and in library and information science (admission path b)."""

    title: Line = ""
    organiser: Line = ""
    held_on: Day = None
    competency_based: bool = False


class WorkPeriod(Section):
    """`until` is empty while it lasts; `matches_scheme` says that the work fits the chosen cluster (path c)."""

    employer: Line = ""
    position: Line = ""
    since: Day = None
    until: Day = None
    matches_scheme: bool = False


class Job(Section):
    """The current job; all empty for who has none."""

    employer: Line = ""
    position: Line = ""
    address: Line = ""
    phone: CodeLine = ""
    email: CodeLine = ""


class Form(Section):
    """FR-APL-01. `adjustment` asks for a reasonable adjustment (R19): special-category data, encrypted at rest."""

    personal: Personal = Personal()
    education: Annotated[tuple[Schooling, ...], Field(max_length=20)] = ()
    trainings: Annotated[tuple[TrainingTaken, ...], Field(max_length=50)] = ()
    work: Annotated[tuple[WorkPeriod, ...], Field(max_length=50)] = ()
    job: Job = Job()
    purpose: Annotated[Purpose, BeforeValidator(_blank_is_unsaid)] = Purpose.UNSAID
    adjustment: Lines = ""

    def background(self, proofs: frozenset[str]) -> eligibility.Background:
        """Return what the admission rules look at; lines without the fact that counts are left out."""
        return eligibility.Background(
            education=[
                eligibility.Education(one.level.level, one.library_science) for one in self.education if one.level.level
            ],
            trainings=[eligibility.Training(one.competency_based) for one in self.trainings],
            work=[eligibility.Work(one.since, one.until, one.matches_scheme) for one in self.work if one.since],
            proofs=proofs,
        )

    def highest(self) -> Schooling | None:
        """Return the highest schooling, as the BNSP list asks for it; None where no level is given."""
        known = [one for one in self.education if one.level.level]
        return max(known, key=lambda one: one.level.level or 0, default=None)


class ReadablePersonal(Personal):
    """Personal data as they lie in the database: the NIK has an encrypted column of its own and is never dumped."""

    nik: str = Field("", exclude=True)


class ReadableForm(Form):
    """The part of FR-APL-01 that is stored readable; NIK and adjustment are left out of every dump (decision 31)."""

    personal: ReadablePersonal = ReadablePersonal()
    adjustment: Lines = Field("", exclude=True)


def drop_secrets(form: Form) -> ReadableForm:
    """Return the form without NIK and adjustment, as it is stored."""
    personal = {**form.personal.__dict__, "nik": ""}
    return ReadableForm.model_validate({**form.__dict__, "personal": personal, "adjustment": ""})


def restore_form(stored: ReadableForm, nik: str | None, adjustment: str | None) -> Form:
    """Return the form as it was saved, from its stored part and the two encrypted columns (None where empty)."""
    # Filing is the path many take at once: reading the row and this take 28 us together, 22 us when both were one step
    # from a plain dict; model_construct would take twice as long, because it is not compiled.
    personal = {**stored.personal.__dict__, "nik": nik or ""}
    return Form.model_validate({**stored.__dict__, "personal": personal, "adjustment": adjustment or ""})
