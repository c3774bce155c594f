"""Officers are named and ended by two persons; the first set at installation (R13, decision 101)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.decision.commands import officers, terms
from services.decision.domain.proposals import PROPOSAL_DAYS
from services.decision.models import OfficerProposal
from services.decision.queries.officers import find_office_today, list_appointments
from services.decision.timers import end_unanswered_proposals
from shared import clock
from shared.audit import AuditRow
from shared.contracts.decision import OfficerProposalAnswered, OfficerProposed
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.security.actor import SYSTEM, Actor
from shared.security.roles import Role
from tests.unit.decision.scene import (
    ADMIN,
    ASSESSOR,
    CHAIR,
    DEPUTY,
    FIVE,
    OTHERS,
    QUALITY,
    SECRETARY,
    Scene,
    hear,
    opened,
    told,
)

Later = Callable[[timedelta], None]


def install(scene: Scene, office: str, actor: Actor) -> None:
    first = [terms.FirstHolder(office=office, account_id=actor.id)]
    today = clock.today()
    with scene.database.unit_of_work() as session:
        terms.install_officers(
            session, terms.InstallOfficers(holders=first, since=today, until=today + timedelta(days=100))
        )


def state_of(scene: Scene, proposal_id: UUID) -> str:
    with scene.database.reading() as session:
        return session.scalars(select(OfficerProposal.state).where(OfficerProposal.id == proposal_id)).one()


def acts(scene: Scene, action: str) -> list[UUID]:
    with scene.database.reading() as session:
        return list(session.scalars(select(AuditRow.actor_id).where(AuditRow.action == action)))


def holder(scene: Scene, actor: Actor, days: int = 0) -> Role | None:
    with scene.database.reading() as session:
        return find_office_today(session, actor.id, clock.today() + timedelta(days=days))


def test_the_first_set_is_recorded_as_named_by_nobody(body: Scene) -> None:
    body.appoint()
    assert acts(body, "appointment:install") == [SYSTEM.id] * 6
    assert holder(body, CHAIR) is Role.CHAIR


def test_nobody_installs_officers_beside_those_in_office(scene: Scene) -> None:
    scene.confirm(scene.propose_end(Role.CHAIR))
    with pytest.raises(Conflict) as refusal:
        install(scene, "chair", CHAIR)
    assert refusal.value.code == "officers-in-office"


def test_nobody_installs_officers_before_those_named_for_later(body: Scene) -> None:
    after = clock.today() + timedelta(days=5)
    first = [terms.FirstHolder(office="chair", account_id=CHAIR.id)]
    with body.database.unit_of_work() as session:
        terms.install_officers(session, terms.InstallOfficers(holders=first, since=after, until=after))
    with pytest.raises(Conflict):
        install(body, "chair", CHAIR)


def test_a_proposal_changes_nothing_until_another_person_confirms_it(scene: Scene) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    assert holder(scene, CHAIR, 1) is Role.CHAIR
    scene.confirm(proposal)
    assert holder(scene, CHAIR, 1) is None
    assert acts(scene, "appointment:end") == [QUALITY.id]
    assert acts(scene, "officer-proposal:make") == [ADMIN.id]
    assert acts(scene, "officer-proposal:confirm") == [QUALITY.id]


def test_a_confirmed_name_holds_the_office_and_shows_both_persons(scene: Scene) -> None:
    scene.confirm(scene.propose_end(Role.CHAIR))
    after = clock.today() + timedelta(days=1)
    scene.confirm(scene.propose("chair", CHAIR, since=after))
    assert holder(scene, CHAIR, 1) is Role.CHAIR
    with scene.database.reading() as session:
        row = list_appointments(session)[0]
    assert (row.named_by, row.confirmed_by) == (ADMIN.id, QUALITY.id)


def test_the_administrator_alone_makes_no_chair(scene: Scene) -> None:
    """The chain that was played: end the chair's term, take the role, name oneself."""
    ended = scene.propose_end(Role.CHAIR)
    both = Actor(ADMIN.id, ADMIN.name, ADMIN.email, frozenset({Role.ADMINISTRATOR, Role.CHAIR}))
    hear(scene.database, opened(both), sequence=9)
    own = scene.propose("chair", both, since=clock.today() + timedelta(days=2000))
    for proposal in (ended, own):
        with pytest.raises(Forbidden):
            scene.confirm(proposal, by=both)
    assert holder(scene, CHAIR, 1) is Role.CHAIR
    assert holder(scene, both, 2001) is None


def test_nobody_confirms_or_refuses_what_concerns_the_own_term(scene: Scene) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    with pytest.raises(Forbidden) as refusal:
        scene.confirm(proposal, by=CHAIR)
    assert refusal.value.code == "proposal-concerns-self"
    with pytest.raises(Forbidden), scene.database.unit_of_work() as session:
        officers.refuse_proposal(session, CHAIR, proposal, officers.RefuseProposal(reason="Tidak (contoh)"))


@pytest.mark.parametrize("actor", [ADMIN, SECRETARY, ASSESSOR, Actor(uuid4(), "Baru", "b@x.test", frozenset(FIVE))])
def test_who_holds_no_office_confirms_nothing_whatever_roles_the_account_has(scene: Scene, actor: Actor) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    with pytest.raises(Forbidden) as refusal:
        scene.confirm(proposal, by=actor)
    assert refusal.value.code == "not-named-officer"


def test_two_accounts_of_one_person_are_one_hand(scene: Scene) -> None:
    person = uuid4()
    for actor in (ADMIN, QUALITY):
        hear(scene.database, opened(actor).model_copy(update={"person_id": person}), sequence=9)
    proposal = scene.propose_end(Role.CHAIR)
    with pytest.raises(Forbidden) as refusal:
        scene.confirm(proposal, by=QUALITY)
    assert refusal.value.code == "proposal-own"
    (fact,) = told(scene.database, OfficerProposed)
    assert QUALITY.id not in fact.confirmers
    assert CHAIR.id not in fact.confirmers
    assert DEPUTY.id in fact.confirmers
    hear(scene.database, opened(ADMIN).model_copy(update={"person_id": uuid4()}), sequence=10)
    with pytest.raises(Forbidden):  # what was known when it was proposed still counts
        scene.confirm(proposal, by=QUALITY)


def test_an_account_of_the_person_concerned_confirms_nothing(scene: Scene) -> None:
    person = uuid4()
    for actor in (CHAIR, QUALITY):
        hear(scene.database, opened(actor).model_copy(update={"person_id": person}), sequence=9)
    with pytest.raises(Forbidden) as refusal:
        scene.confirm(scene.propose_end(Role.CHAIR), by=QUALITY)
    assert refusal.value.code == "proposal-concerns-self"


def test_a_refusal_has_a_reason_and_is_told_to_both(scene: Scene) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    with scene.database.unit_of_work() as session:
        officers.refuse_proposal(session, QUALITY, proposal, officers.RefuseProposal(reason="Tanpa dasar (contoh)"))
    (fact,) = told(scene.database, OfficerProposalAnswered)
    assert (fact.outcome, fact.reason, fact.account_id) == ("refused", "Tanpa dasar (contoh)", CHAIR.id)
    with pytest.raises(Conflict) as refusal:
        scene.confirm(proposal)
    assert refusal.value.code == "proposal-answered"
    assert holder(scene, CHAIR, 1) is Role.CHAIR


def test_only_the_proposer_withdraws(scene: Scene) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    other = Actor(uuid4(), "Administrator Kedua", "a2@contoh.test", ADMIN.roles)
    with pytest.raises(Forbidden), scene.database.unit_of_work() as session:
        officers.withdraw_proposal(session, other, proposal)
    with scene.database.unit_of_work() as session:
        officers.withdraw_proposal(session, ADMIN, proposal)
    assert state_of(scene, proposal) == "withdrawn"
    with pytest.raises(Conflict):
        scene.confirm(proposal)


def test_an_unanswered_proposal_lapses_also_before_the_timer_saw_it(scene: Scene, later: Later) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    later(timedelta(days=PROPOSAL_DAYS, minutes=1))
    with pytest.raises(Conflict) as refusal:
        scene.confirm(proposal)
    assert refusal.value.code == "proposal-lapsed"
    end_unanswered_proposals(scene.database)
    end_unanswered_proposals(scene.database)
    assert state_of(scene, proposal) == "lapsed"
    assert [fact.outcome for fact in told(scene.database, OfficerProposalAnswered)] == ["lapsed"]


def test_everything_is_asked_again_when_it_is_confirmed(scene: Scene) -> None:
    after = clock.today() + timedelta(days=2000)
    proposal = scene.propose("chair", CHAIR, since=after)
    lost = Actor(CHAIR.id, CHAIR.name, CHAIR.email, frozenset({Role.ASSESSOR}))
    hear(scene.database, opened(lost), sequence=9)
    with pytest.raises(Invalid) as refusal:
        scene.confirm(proposal)
    assert refusal.value.code == "role-missing"


def test_an_end_that_waited_counts_from_the_day_it_is_confirmed(scene: Scene, later: Later) -> None:
    proposal = scene.propose_end(Role.CHAIR)
    later(timedelta(days=3))
    scene.confirm(proposal)
    assert holder(scene, CHAIR) is Role.CHAIR
    assert holder(scene, CHAIR, 1) is None


def test_the_same_is_not_proposed_twice(scene: Scene) -> None:
    scene.propose_end(Role.CHAIR)
    with pytest.raises(Conflict) as refusal:
        scene.propose_end(Role.CHAIR)
    assert refusal.value.code == "proposal-waits"


def test_without_anybody_who_could_confirm_nothing_is_proposed(body: Scene) -> None:
    install(body, "chair", CHAIR)
    with pytest.raises(Conflict) as refusal:
        body.propose_end(Role.CHAIR)
    assert refusal.value.code == "nobody-confirms"
    body.confirm(body.propose("head_of_certification", DEPUTY), by=CHAIR)
    assert holder(body, DEPUTY) is Role.HEAD_OF_CERTIFICATION


def test_an_unknown_proposal_and_an_unknown_account_are_told(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.confirm(uuid4())
    with pytest.raises(Invalid) as refusal:
        scene.propose("chair", Actor(uuid4(), "Orang", "orang@contoh.test", frozenset()))
    assert "account_id" in refusal.value.fields


def test_an_account_without_the_role_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.propose("chair", ASSESSOR, since=clock.today() + timedelta(days=2000))
    assert refusal.value.code == "role-missing"


def test_an_office_that_is_taken_is_refused(scene: Scene) -> None:
    with pytest.raises(Conflict) as refusal:
        scene.propose("chair", OTHERS[0])
    assert refusal.value.code == "office-taken"


def test_ending_an_officers_term_ends_the_deputation_with_it(scene: Scene) -> None:
    scene.confirm(scene.propose_end(Role.HEAD_OF_CERTIFICATION))
    with scene.database.reading() as session:
        ends = {row.until for row in list_appointments(session) if row.account_id == DEPUTY.id}
    assert ends == {clock.today()}


@pytest.mark.parametrize("days", [-1, 2001])
def test_a_term_ends_between_today_and_its_recorded_end(scene: Scene, days: int) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.propose_end(Role.CHAIR, clock.today() + timedelta(days=days))
    assert "until" in refusal.value.fields
