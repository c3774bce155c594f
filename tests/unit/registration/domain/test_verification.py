from uuid import uuid4

import pytest

from services.registration.domain.verification import (
    Finding,
    Verdict,
    check_every_item_adequate,
    check_findings,
    check_verifier,
    list_doubts_of_form,
    list_items_to_judge,
    require_reasons_to_return,
)
from shared.errors import Conflict, Forbidden, Invalid
from tests.unit.registration.forms import FILLED, LIBRARY_PROOFS, form

ITEMS = list_items_to_judge(form(), LIBRARY_PROOFS, 0)


def found(**verdicts: str) -> dict[str, Finding]:
    all_good = {item: Finding(item, Verdict.ADEQUATE) for item in ITEMS}
    return all_good | {item: Finding(item, Verdict(verdict), "buram") for item, verdict in verdicts.items()}


def test_the_items_are_what_the_form_claims_and_the_evidence_given_or_due() -> None:
    assert ITEMS == ["personal", "education", "work", "photo", "diploma", "transcript"]
    assert list_items_to_judge(form(work=[]), (), 50_000) == ["personal", "education", "photo", "diploma", "payment"]
    assert "payment" in list_items_to_judge(form(), (), 1)
    assert "payment" not in list_items_to_judge(form(), (), 0)
    assert "trainings" in list_items_to_judge(form(trainings=[{"title": "Pelatihan"}]), (), 0)


def test_a_finding_that_says_no_needs_a_reason() -> None:
    with pytest.raises(Invalid) as refused:
        check_findings([Finding("photo", Verdict.INADEQUATE, "  "), Finding("diploma", Verdict.ADEQUATE)], ITEMS)
    assert refused.value.code == "finding-incomplete"
    assert set(refused.value.fields) == {"items.photo"}


def test_a_finding_on_an_item_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_findings([Finding("payment", Verdict.ADEQUATE)], ITEMS)
    assert set(refused.value.fields) == {"items.payment"}


def test_only_what_is_wanting_goes_back() -> None:
    wanting = require_reasons_to_return(found(photo="inadequate", transcript="absent"))
    assert [finding.item for finding in wanting] == ["photo", "transcript"]


def test_a_file_with_nothing_to_mend_is_not_returned() -> None:
    with pytest.raises(Invalid) as refused:
        require_reasons_to_return(found())
    assert refused.value.code == "nothing-to-mend"
    assert set(refused.value.fields) == {"items"}


def test_a_complete_file_is_admitted() -> None:
    check_every_item_adequate(found(), ITEMS)


@pytest.mark.parametrize("verdict", ["inadequate", "absent"])
def test_a_file_with_one_item_wanting_is_not_admitted(verdict: str) -> None:
    with pytest.raises(Conflict) as refused:
        check_every_item_adequate(found(diploma=verdict), ITEMS)
    assert refused.value.code == "file-incomplete"
    assert set(refused.value.fields) == {"items.diploma"}


def test_a_file_with_one_item_unseen_is_not_admitted() -> None:
    seen = found()
    del seen["work"]
    with pytest.raises(Conflict) as refused:
        check_every_item_adequate(seen, ITEMS)
    assert set(refused.value.fields) == {"items.work"}


def test_nobody_verifies_an_application_of_their_own() -> None:
    person = uuid4()
    check_verifier(uuid4(), person)
    with pytest.raises(Forbidden) as refused:
        check_verifier(person, person)
    assert refused.value.code == "own-application"


def test_a_nik_that_differs_from_the_form_is_a_doubt_for_the_verifier() -> None:
    assert list_doubts_of_form(form()) == []
    assert len(list_doubts_of_form(form(personal={"birth_date": "1990-05-06"}))) == 1
    assert len(list_doubts_of_form(form(personal={"birth_date": "1990-05-06", "sex": "L"}))) == 2
    assert list_doubts_of_form(form(personal={"nik": "", **{k: FILLED["personal"][k] for k in ("sex",)}})) == []
