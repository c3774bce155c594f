"""One person, one scheme, one live application, or the certificate that came of it (domain handbook 10)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands import applications, filing
from services.registration.commands.applications import SaveDraft, StartApplication
from services.registration.commands.scheme_holds import leave_scheme
from services.registration.domain.living import compute_renewal_start
from services.registration.domain.workflow import State
from services.registration.models import Application, Holding, SchemeHold
from shared import clock
from shared.contracts import certificate, decision
from shared.contracts.words import Judgement
from shared.errors import Conflict, Invalid
from shared.security.actor import Actor
from tests.unit.registration.files import SCHEME, SIGNED, actor, draft, filed, period, submitted
from tests.unit.registration.hearing import hear
from tests.unit.registration.test_reactions import decided
from tests.unit.registration.test_reactions_certificates import NUMBER, issued

ME = actor()
OTHER_SCHEME = "promosi-perpustakaan"


def start(session: Session, who: Actor = ME, scheme: str = SCHEME) -> Application:
    return applications.start_application(session, who, StartApplication(scheme_id=scheme))


def refusal_to_start(session: Session, who: Actor = ME) -> Conflict:
    session.flush()
    with pytest.raises(Conflict) as refused, session.begin_nested():
        start(session, who)
    return refused.value


def holder(session: Session, who: Actor = ME) -> UUID | None:
    return session.scalar(select(SchemeHold.application_id).where(SchemeHold.account_id == who.id))


def certified(session: Session, **changes: Any) -> Application:
    application = submitted(session, ME)
    hear(session, decided(application, Judgement.K).model_copy(update={"applicant_id": ME.id}), after=1)
    hear(session, issued(application.id, holder_id=ME.id, **changes), after=2)
    return application


def closed(application: Application) -> decision.CaseClosed:
    return decision.CaseClosed(
        application_id=application.id,
        applicant_id=ME.id,
        scheme_id=SCHEME,
        scheme_title="Layanan Dasar Perpustakaan",
        reason="lapsed",
        closed_at=clock.now(),
    )


def test_a_second_draft_for_one_scheme_is_refused_with_the_way_to_the_first(session: Session) -> None:
    first = start(session)
    refusal = refusal_to_start(session)
    assert (refusal.code, refusal.details) == ("application-under-way", {"application_id": str(first.id)})
    assert start(session, scheme=OTHER_SCHEME).state is State.DRAFT
    assert start(session, actor()).state is State.DRAFT


def test_a_filed_and_an_admitted_one_live_on_and_a_withdrawn_one_makes_room(session: Session) -> None:
    first = filed(session, ME)
    assert refusal_to_start(session).code == "application-under-way"
    applications.withdraw_application(session, ME, first.id)
    session.flush()
    second = start(session)
    assert holder(session) == second.id


def test_a_draft_moved_to_another_scheme_takes_its_place_along(session: Session) -> None:
    first, second = start(session), start(session, scheme=OTHER_SCHEME)
    form = first.read_form()
    with pytest.raises(Conflict) as refused, session.begin_nested():
        applications.save_application(session, ME, first.id, SaveDraft(form=form, scheme_id=OTHER_SCHEME))
    assert refused.value.details == {"application_id": str(second.id)}
    session.expire_all()
    applications.withdraw_application(session, ME, second.id)
    applications.save_application(session, ME, first.id, SaveDraft(form=form, scheme_id=OTHER_SCHEME))
    session.flush()
    assert start(session).scheme_id == SCHEME


def test_an_old_draft_beside_the_live_one_cannot_be_filed(session: Session) -> None:
    """This failure mode means that duplicates of before the rule end in two certificates."""
    period(session)
    first = draft(session, ME)
    leave_scheme(session, first.id)
    second = draft(session, ME)
    with pytest.raises(Conflict) as refused:
        filing.file_application(session, ME, first.id, SIGNED)
    assert refused.value.details == {"application_id": str(second.id)}
    applications.withdraw_application(session, ME, second.id)
    session.flush()
    assert filing.file_application(session, ME, first.id, SIGNED).state is State.FILED


def test_after_a_k_decision_the_case_lives_until_its_certificate_takes_the_place(session: Session) -> None:
    application = submitted(session, ME)
    hear(session, decided(application, Judgement.K), after=1)
    assert refusal_to_start(session).code == "application-under-way"
    hear(session, issued(application.id, holder_id=ME.id), after=2)
    refusal = refusal_to_start(session)
    assert (refusal.code, refusal.details["certificate"]) == ("certificate-in-force", NUMBER)
    assert NUMBER in str(refusal)


def test_who_holds_a_certificate_renews_it_from_twelve_months_before_its_end(session: Session) -> None:
    certified(session)
    wanted = StartApplication(renews=NUMBER)
    with pytest.raises(Conflict) as refused, session.begin_nested():
        applications.start_application(session, ME, wanted)
    assert refused.value.code == "renewal-too-early"
    holding = session.get_one(Holding, NUMBER)
    holding.expires_on = clock.today() + timedelta(days=300)
    session.flush()
    renewal = applications.start_application(session, ME, wanted)
    with pytest.raises(Conflict) as again, session.begin_nested():
        applications.start_application(session, ME, wanted)
    assert (again.value.code, again.value.details) == ("renewal-under-way", {"application_id": str(renewal.id)})


def test_the_day_a_renewal_opens_is_the_same_day_a_year_before() -> None:
    today = clock.today()
    assert compute_renewal_start(today.replace(year=2028, month=2, day=29)).isoformat() == "2027-02-28"
    assert compute_renewal_start(today.replace(year=2028, month=6, day=30)).isoformat() == "2027-06-30"


def test_a_withdrawn_renewal_gives_the_place_back_to_the_certificate(session: Session) -> None:
    first = certified(session, expires_on=clock.today() + timedelta(days=90))
    renewal = applications.start_application(session, ME, StartApplication(renews=NUMBER))
    assert holder(session) == renewal.id
    applications.withdraw_application(session, ME, renewal.id)
    assert holder(session) == first.id
    assert refusal_to_start(session).code == "certificate-in-force"


def test_an_expired_certificate_makes_room_and_is_renewed_no_more_even_by_an_old_draft(session: Session) -> None:
    certified(session, expires_on=clock.today() + timedelta(days=90))
    renewal = applications.start_application(session, ME, StartApplication(renews=NUMBER))
    applications.record_requirements_shown(session, ME, renewal.id)
    about = {"certificate_id": uuid4(), "number": NUMBER, "holder_id": ME.id, "scheme_title": "x"}
    hear(session, certificate.CertificateExpired(**about, at=clock.now()), 9)
    with pytest.raises(Conflict) as refused:
        filing.file_application(session, ME, renewal.id, SIGNED)
    assert refused.value.code == "certificate-not-renewable"
    applications.withdraw_application(session, ME, renewal.id)
    assert start(session).renews is None


def test_an_expired_or_withdrawn_certificate_frees_the_scheme(session: Session) -> None:
    certified(session)
    about = {"certificate_id": uuid4(), "number": NUMBER, "holder_id": ME.id, "scheme_title": "x"}
    hear(session, certificate.CertificateSuspended(**about, reason="x", until=clock.today(), at=clock.now()), 7)
    assert refusal_to_start(session).code == "certificate-in-force"
    hear(session, certificate.CertificateWithdrawn(**about, reason="x", at=clock.now()), 8)
    assert holder(session) is None
    assert start(session).state is State.DRAFT


def test_after_bk_the_ways_on_stand_in_the_way_until_the_case_is_closed(session: Session) -> None:
    application = submitted(session, ME)
    ahead = clock.now() + timedelta(days=365)
    fact = decided(application, Judgement.BK).model_copy(update={"reassess_until": ahead})
    hear(session, fact, after=1)
    refusal = refusal_to_start(session)
    assert (refusal.code, refusal.details["path"]) == ("ways-on-open", f"/decision/my/{application.id}")
    hear(session, closed(application), after=2)
    assert holder(session) is None
    assert start(session).state is State.DRAFT


def test_a_bk_decision_whose_time_has_passed_stands_in_nobodys_way(session: Session) -> None:
    """This failure mode means that a case closed before there was a fact for it bars the scheme for ever."""
    application = submitted(session, ME)
    hear(session, decided(application, Judgement.BK))
    assert start(session).id != application.id


def test_an_appeal_and_a_reassessment_keep_the_case_alive_however_long_they_take(session: Session) -> None:
    application = submitted(session, ME)
    hear(session, decided(application, Judgement.BK))
    about = {"application_id": application.id, "applicant_id": ME.id}
    hear(session, decision.AppealReceived(appeal_id=uuid4(), **about, received_at=clock.now(), units=["x"]), after=1)
    assert refusal_to_start(session).code == "application-under-way"
    ordered = decision.ReassessmentOrdered(
        **about, attempt=1, units=["x"], excluded_assessors=[], ordered_at=clock.now()
    )
    hear(session, ordered, after=2)
    assert refusal_to_start(session).code == "application-under-way"


def test_a_nik_stays_with_its_account_while_an_application_lives_under_it(session: Session) -> None:
    """This failure mode means that one person lives twice: a second form with another NIK set the first one free."""
    filed(session, ME)
    period(session, scheme=OTHER_SCHEME)
    second = draft(session, ME, scheme=OTHER_SCHEME, personal={"nik": "3175014505900009"})
    filing.file_application(session, ME, second.id, SIGNED)
    other = actor()
    twin = draft(session, other)
    with pytest.raises(Invalid) as refused:
        filing.file_application(session, other, twin.id, SIGNED)
    assert refused.value.code == "nik-taken"
