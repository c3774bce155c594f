from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import applications, filing
from services.registration.commands.applications import SaveDraft, StartApplication
from services.registration.domain.form import Purpose
from services.registration.models import Application, Holding, HoldingStatus
from shared import clock
from shared.errors import Conflict, Invalid, NotFound
from shared.security.actor import Actor
from tests.unit.registration.files import SCHEME, SIGNED, actor, submitted
from tests.unit.registration.people import told

ME = actor()
NUMBER = "91011 2622 4 000001 2026"


def hold(session: Session, who: Actor, expires_on: date | None = None, **changes: Any) -> Application:
    earlier = submitted(session, who)
    values: dict[str, Any] = {
        "number": NUMBER,
        "holder_id": who.id,
        "application_id": earlier.id,
        "scheme_id": SCHEME,
        "scheme_title": "Layanan Dasar Perpustakaan",
        "expires_on": expires_on or clock.today() + timedelta(days=90),
    }
    session.add(Holding(**(values | changes)))
    session.flush()
    return earlier


def renew(session: Session, who: Actor = ME, number: str = NUMBER, scheme: str | None = None) -> Application:
    return applications.start_application(session, who, StartApplication(scheme_id=scheme, renews=number))


def test_a_renewal_comes_filled_from_the_earlier_file(session: Session) -> None:
    earlier = hold(session, ME)
    draft = renew(session)
    assert draft.renews == NUMBER
    assert draft.read_form().personal == earlier.read_form().personal
    assert draft.read_form().purpose is Purpose.RECERTIFICATION
    assert draft.kinds == earlier.kinds
    assert {one.key for one in draft.present} == {one.key for one in earlier.present}
    assert {one.id for one in draft.present}.isdisjoint({one.id for one in earlier.present})


def test_every_requirement_is_checked_anew(session: Session) -> None:
    hold(session, ME)
    draft = renew(session)
    assert draft.shown_at is None
    session.flush()
    with pytest.raises(Invalid) as refused:
        filing.file_application(session, ME, draft.id, SIGNED)
    assert refused.value.code == "requirements-not-shown"


def test_a_renewal_needs_no_open_period(session: Session) -> None:
    hold(session, ME)
    draft = renew(session)
    applications.record_requirements_shown(session, ME, draft.id)
    session.flush()
    filing.file_application(session, ME, draft.id, SIGNED)
    assert draft.period_id is None
    assert [fact["renews"] for fact in told(session, "application_filed")] == [None, NUMBER]


def test_a_certificate_expires_at_the_end_of_its_last_day(session: Session) -> None:
    hold(session, ME, clock.today())
    assert renew(session).renews == NUMBER


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_on": date(2020, 1, 1)},
        {"status": HoldingStatus.EXPIRED},
        {"status": HoldingStatus.WITHDRAWN},
    ],
)
def test_an_expired_or_withdrawn_certificate_is_not_renewed(session: Session, changes: dict[str, Any]) -> None:
    hold(session, ME, **changes)
    with pytest.raises(Conflict) as refused:
        renew(session)
    assert refused.value.code == "certificate-not-renewable"


def test_one_renewal_at_a_time(session: Session) -> None:
    hold(session, ME)
    first = renew(session)
    with pytest.raises(Conflict) as refused:
        renew(session)
    assert refused.value.details == {"application_id": str(first.id)}
    applications.withdraw_application(session, ME, first.id)
    session.flush()
    assert renew(session).id != first.id


def test_the_scheme_is_that_of_the_certificate(session: Session) -> None:
    hold(session, ME)
    with pytest.raises(Invalid):
        renew(session, scheme="promosi-perpustakaan")
    draft = renew(session, scheme=SCHEME)
    with pytest.raises(Conflict):
        applications.save_application(
            session, ME, draft.id, SaveDraft(form=draft.read_form(), scheme_id="promosi-perpustakaan")
        )


def test_somebody_elses_certificate_is_not_found(session: Session) -> None:
    hold(session, ME)
    with pytest.raises(NotFound):
        renew(session, actor())
    with pytest.raises(NotFound):
        renew(session, ME, "91011 2622 4 999999 2026")
