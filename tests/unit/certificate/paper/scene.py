"""A stock of sheets and certificates to print on them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.models import Certificate
from services.certificate.paper import commands as paper
from services.certificate.paper.commands import GiveOut, Receive, UseSheets
from services.certificate.paper.domain import Manner
from services.certificate.paper.models import StockRange, StockSheet
from shared import clock
from shared.security.roles import Role
from tests.unit.certificate.scene import Candidate, issued
from tests.unit.certificate.web import person

KEEPER = person(Role.SECRETARIAT)


def received(session: Session, first: str = "000101", last: str = "000110", **changes: Any) -> StockRange:
    given = {
        "letter_number": "B.1/BNSP/XI/2026 (contoh)",
        "received_on": clock.today() - timedelta(days=1),
        "prefix": "BNSP",
        "first": first,
        "last": last,
    }
    return paper.receive_sheets(session, KEEPER, Receive.model_validate({**given, **changes}))


def certificates(session: Session, number: int) -> list[Certificate]:
    return [issued(session, Candidate(f"PEMEGANG {at} CONTOH")) for at in range(1, number + 1)]


def used(session: Session, *wanted: Certificate, first_sheet: str = "") -> list[StockSheet]:
    """The sheets that these certificates were given, in their order."""
    given = UseSheets(certificate_ids=[one.id for one in wanted], first_sheet=first_sheet)
    return of_run(session, paper.use_sheets(session, KEEPER, given))


def of_run(session: Session, run_id: UUID) -> list[StockSheet]:
    return list(
        session.scalars(select(StockSheet).where(StockSheet.run_id == run_id).order_by(StockSheet.number)).all()
    )


def to_the_holder(**changes: Any) -> GiveOut:
    return GiveOut.model_validate({"manner": Manner.HOLDER, "handed_on": clock.today(), **changes})
