"""A reason of marks that nobody sees is none, and a name is letters that can be read."""

from typing import Annotated

import pytest
from pydantic import BaseModel, ValidationError

from services.assessment.commands.inputs import Text
from services.certificate.commands.life import ReasonText
from services.decision.commands.inputs import Reasons
from services.registration.commands.photos import AskForAnother
from services.registration.commands.verification import RevealNik
from shared.errors import Invalid
from shared.persons import check_person_name
from shared.visible import count_visible, has_crowded_marks, require_visible

INVISIBLE = [
    "\u200b" * 20,
    "\u202e" * 20,
    " \u115f \u1160 \u3164 " * 5,
    "\u2800" * 20,
    "\u0301" * 20,
    "\U000e0041" * 20,
]


class OfAssessment(BaseModel):
    reason: Text


class OfCertificate(BaseModel):
    reason: ReasonText


class OfDecision(BaseModel):
    reason: Reasons


@pytest.mark.parametrize("text", INVISIBLE)
@pytest.mark.parametrize("model", [RevealNik, AskForAnother, OfAssessment, OfCertificate, OfDecision])
def test_what_nobody_sees_is_no_reason(model: type[BaseModel], text: str) -> None:
    with pytest.raises(ValidationError, match=r"visible|at least"):
        model.model_validate({"reason": text})


@pytest.mark.parametrize("model", [RevealNik, AskForAnother, OfAssessment, OfCertificate, OfDecision])
def test_a_sentence_is_a_reason(model: type[BaseModel]) -> None:
    given = model.model_validate({"reason": "Cocokkan dengan KTP – asli."})
    assert given.model_dump()["reason"] == "Cocokkan dengan KTP – asli."


def test_letters_digits_and_signs_can_be_seen() -> None:
    assert count_visible("a1 \u200b\u00e9!\u3164") == 4


def test_the_refusal_is_that_of_a_short_text() -> None:
    class Model(BaseModel):
        text: Annotated[str, require_visible(2)]

    with pytest.raises(ValidationError) as refusal:
        Model(text="x\u200b")
    assert refusal.value.errors()[0]["type"] == "string_too_short"
    assert refusal.value.errors()[0]["ctx"] == {"min_length": 2}


@pytest.mark.parametrize("name", ["\u115f\u115f", "Siti \u3164", "A" + "\u0301" * 101, "Siti e" + "\u0302" * 5])
def test_a_name_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        check_person_name(name)


@pytest.mark.parametrize("name", ["Nguy\u1ec5n Th\u1ecb", "e\u0302\u0323", "Jos\u00e9 Mar\u00eda"])
def test_letters_with_the_marks_of_a_language_are_no_crowd(name: str) -> None:
    assert not has_crowded_marks(name)
