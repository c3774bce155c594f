from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.domain.states import OrderState
from services.certificate.models import Order
from shared.contracts.words import Judgement
from shared.errors import Invalid, NotFound
from shared.messaging.models import JobRow
from shared.messaging.reactions import NotYet
from tests.unit.certificate.scene import MOMENT, Candidate, hear, hear_in_turn, numbered, told, types_told


def state_of(session: Session, candidate: Candidate) -> OrderState:
    return session.get_one(Order, candidate.application_id).state


STEPS = ("submitted", "recommended", "decided", "sign", "photographed")


def take(session: Session, candidate: Candidate, step: str) -> None:
    if step == "sign":
        candidate.sign(session)
        session.flush()
    else:
        hear(session, getattr(candidate, step)())


@pytest.mark.parametrize("order", [o for o in permutations(STEPS) if o[0] not in ("sign", "photographed")])
def test_in_whatever_order_the_steps_come_the_last_one_clears_the_order(
    session: Session, candidate: Candidate, order: tuple[str, ...]
) -> None:
    needed = [step for step in order if step != "recommended"]
    for step in order:
        found = session.get(Order, candidate.application_id)
        assert found is None or found.state is not OrderState.CLEARED
        take(session, candidate, step)
        if step == needed[-1]:
            break
    assert session.get_one(Order, candidate.application_id).state is OrderState.CLEARED


def test_a_cleared_order_asks_for_its_number_and_tells_nobody_yet(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.photographed(), candidate.recommended())
    candidate.sign(session)
    hear(session, candidate.decided())
    (job,) = session.scalars(select(JobRow)).all()
    assert job.payload == {"application_id": str(candidate.application_id)}
    assert types_told(session) == []


def test_a_decision_of_not_yet_competent_orders_nothing(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.recommended(), candidate.decided(Judgement.BK))
    assert session.get_one(Order, candidate.application_id).state is OrderState.CANDIDATE
    assert types_told(session) == []


def test_after_a_reassessment_the_second_decision_counts(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.photographed(), candidate.decided(Judgement.BK))
    hear(session, candidate.decided(Judgement.K, attempt=1))
    candidate.sign(session)
    assert state_of(session, candidate) is OrderState.CLEARED


def test_competent_without_the_agreement_asks_the_holder_to_sign(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.decided())
    (envelope,) = told(session)
    assert envelope.type == "id.kompeten.certificate.agreement_requested.v1"
    assert envelope.data["holder_id"] == str(candidate.actor.id)
    assert state_of(session, candidate) is OrderState.ORDERED


def test_an_agreement_signed_beforehand_is_not_asked_for(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.photographed(), candidate.recommended())
    candidate.sign(session)
    hear(session, candidate.decided())
    assert "certificate.agreement_requested" not in types_told(session)
    assert state_of(session, candidate) is OrderState.CLEARED


def test_the_same_facts_again_change_nothing(session: Session, candidate: Candidate) -> None:
    facts = (candidate.submitted(), candidate.photographed(), candidate.recommended(), candidate.decided())
    hear(session, *facts)
    candidate.sign(session)
    hear(session, *facts, *facts)
    assert len(session.scalars(select(JobRow)).all()) == 1
    assert types_told(session) == ["certificate.agreement_requested"]


def test_a_decision_that_contradicts_itself_is_refused(session: Session, candidate: Candidate) -> None:
    units = candidate.decided(Judgement.BK).units
    with pytest.raises(Invalid, match="belum kompeten"):
        hear(session, candidate.decided(units=units))


@pytest.mark.parametrize("changes", [{"scheme_id": "tidak-ada"}, {"scheme_version": "1999.1"}])
def test_a_scheme_that_nobody_knows_is_refused(session: Session, changes: dict[str, Any]) -> None:
    stranger = Candidate(**changes)
    hear(session, stranger.submitted())
    with pytest.raises(NotFound):
        hear(session, stranger.decided())


def test_a_name_that_cannot_be_printed_uses_up_no_number(session: Session) -> None:
    unprintable, other = Candidate("SITI 張 CONTOH"), Candidate("BUDI CONTOH")
    for one in (unprintable, other):
        hear(session, one.submitted(), one.photographed(), one.decided())
        one.sign(session)
    assert state_of(session, unprintable) is OrderState.ORDERED
    assert state_of(session, other) is OrderState.CLEARED


def test_forms_submitted_again_keep_the_last_time(session: Session, candidate: Candidate) -> None:
    again = candidate.submitted().model_copy(update={"submitted_at": MOMENT + timedelta(days=1), "round": 2})
    hear(session, candidate.submitted(), again)
    assert session.get_one(Order, candidate.application_id).forms_signed_at == MOMENT + timedelta(days=1)


def order_of(session: Session, candidate: Candidate) -> Order:
    return session.get_one(Order, candidate.application_id)


def test_a_photo_is_known_only_with_its_application(session: Session, candidate: Candidate) -> None:
    with pytest.raises(NotYet):
        hear(session, candidate.photographed())


def test_no_certificate_before_there_is_a_photo(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.decided())
    candidate.sign(session)
    assert state_of(session, candidate) is OrderState.ORDERED
    hear(session, candidate.photographed())
    assert state_of(session, candidate) is OrderState.CLEARED


def test_a_photo_that_is_asked_for_anew_is_waited_for(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.photographed("photos/a.jpg"), candidate.unphotographed())
    candidate.sign(session)
    hear(session, candidate.decided())
    assert (state_of(session, candidate), order_of(session, candidate).photo_key) == (OrderState.ORDERED, "")
    hear_in_turn(session, 4, candidate.photographed("photos/b.jpg"))
    assert (state_of(session, candidate), order_of(session, candidate).photo_key) == (
        OrderState.CLEARED,
        "photos/b.jpg",
    )


def test_word_of_a_photo_that_comes_late_changes_nothing(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted())
    hear_in_turn(session, 3, candidate.photographed("photos/b.jpg"))
    hear_in_turn(session, 1, candidate.photographed("photos/a.jpg"))
    hear_in_turn(session, 2, candidate.unphotographed())
    assert order_of(session, candidate).photo_key == "photos/b.jpg"


def test_a_cleared_order_keeps_the_photo_it_was_cleared_with(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.photographed("photos/a.jpg"), candidate.decided())
    candidate.sign(session)
    hear_in_turn(session, 9, candidate.unphotographed())
    assert (state_of(session, candidate), order_of(session, candidate).photo_key) == (
        OrderState.CLEARED,
        "photos/a.jpg",
    )


def test_a_photo_that_comes_after_the_certificate_is_for_its_next_version(
    session: Session, candidate: Candidate
) -> None:
    certificate = numbered(session, candidate)
    hear_in_turn(session, 9, candidate.photographed("photos/baru.jpg"))
    assert certificate.current.photo_key == ""
    assert order_of(session, candidate).photo_key == "photos/baru.jpg"
