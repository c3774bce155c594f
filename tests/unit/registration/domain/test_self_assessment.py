from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.self_assessment import Claim, check_self_assessment, order_claims
from shared.contracts.words import Judgement
from shared.errors import Invalid
from shared.schemes import shipped_schemes

SCHEME = shipped_schemes().get("layanan-dasar")
ELEMENTS = [(unit.code, element.code) for unit in SCHEME.units for element in unit.elements]
DOCUMENT = uuid4()


def claims(judgement: Judgement = Judgement.K, evidence: tuple[UUID, ...] = (DOCUMENT,)) -> list[Claim]:
    return [Claim(unit=unit, element=element, claim=judgement, evidence=evidence) for unit, element in ELEMENTS]


@given(st.permutations(range(len(ELEMENTS))), st.integers(0, len(ELEMENTS)))
def test_claims_come_in_the_schemes_order_and_the_rest_empty(order: list[int], count: int) -> None:
    given_claims = [claims()[index] for index in order[:count]]
    ordered = order_claims(given_claims, SCHEME)
    assert [(claim.unit, claim.element) for claim in ordered] == ELEMENTS
    assert sum(claim.claim is not None for claim in ordered) == count


def test_an_element_of_another_scheme_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        order_claims([Claim(unit="R.91PRP99.001.1", element="1")], SCHEME)
    assert refused.value.code == "claims-misfit"
    assert set(refused.value.fields) == {"claims.0"}


def test_an_element_given_twice_is_refused() -> None:
    with pytest.raises(Invalid):
        order_claims([claims()[0], claims()[0]], SCHEME)


def test_every_element_judged_and_shown_is_complete() -> None:
    check_self_assessment(claims(), {DOCUMENT})
    check_self_assessment(claims(Judgement.BK, ()), set())


def test_every_k_needs_evidence() -> None:
    with pytest.raises(Invalid) as refused:
        check_self_assessment(claims(Judgement.K, ()), {DOCUMENT})
    assert len(refused.value.fields) == len(ELEMENTS)
    assert all(path.endswith(".evidence") for path in refused.value.fields)


def test_evidence_from_another_file_is_refused() -> None:
    with pytest.raises(Invalid):
        check_self_assessment(claims(), {uuid4()})


def test_an_element_left_out_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_self_assessment(order_claims(claims()[1:], SCHEME), {DOCUMENT})
    assert set(refused.value.fields) == {"claims.0.claim"}


def test_a_note_that_cannot_be_printed_is_refused() -> None:
    first = claims()[0].model_copy(update={"note": "漢字"})
    with pytest.raises(Invalid) as refused:
        check_self_assessment([first, *claims()[1:]], {DOCUMENT})
    assert next(iter(refused.value.fields)).endswith(".note")
