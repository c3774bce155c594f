from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands.life import withdraw_certificate
from services.certificate.models import Order
from services.certificate.paper import commands as paper
from services.certificate.paper.commands import Spoil, UseSheets
from services.certificate.paper.domain import SheetState
from services.certificate.paper.models import StockSheet
from services.certificate.paper.queries import sheets as sheet_queries
from services.certificate.paper.queries import stock as queries
from services.certificate.paper.queries.sheets import SheetQuery
from services.certificate.paper.queries.stock import ToPrintQuery
from shared.audit import AuditRow
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.certificate.paper.scene import KEEPER, certificates, of_run, received, used
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, issued, numbered


def waiting(session: Session) -> list[str]:
    session.flush()
    return [one.number for one in queries.list_certificates_to_print(session, ToPrintQuery()).items]


def test_certificates_get_the_next_sheets_in_the_order_of_their_numbers(session: Session) -> None:
    received(session)
    first, second, third = certificates(session, 3)
    sheets = used(session, third, first)
    assert [sheet.label for sheet in sheets] == ["BNSP 000101", "BNSP 000102"]
    assert [sheet.version_id for sheet in sheets] == [first.current.id, third.current.id]
    assert waiting(session) == [second.number]


def test_whoever_keeps_the_pile_may_say_which_sheet_lies_on_top(session: Session) -> None:
    received(session)
    first, second, third = certificates(session, 3)
    used(session, first, first_sheet="bnsp 000105")
    sheets = used(session, second, third, first_sheet="BNSP 000104")
    assert [sheet.label for sheet in sheets] == ["BNSP 000104", "BNSP 000106"]


@pytest.mark.parametrize("label", ["BNSP 000999", "BNSP 000101"])
def test_a_sheet_that_is_not_free_cannot_lie_on_top(session: Session, label: str) -> None:
    received(session)
    first, second = certificates(session, 2)
    used(session, first)
    with pytest.raises(Invalid) as refused:
        used(session, second, first_sheet=label)
    assert "first_sheet" in refused.value.fields


def test_the_range_that_came_first_is_used_first(session: Session) -> None:
    received(session, "000001", "000001", prefix="ZZ")
    received(session, "000001", "000001", prefix="AA")
    first, second = certificates(session, 2)
    assert [sheet.label for sheet in used(session, first)] == ["ZZ 000001"]
    assert [sheet.label for sheet in used(session, second)] == ["AA 000001"]


def test_too_few_sheets_use_none(session: Session) -> None:
    received(session, "000101", "000102")
    with pytest.raises(Conflict) as refused:
        used(session, *certificates(session, 3))
    assert (refused.value.params["left"], refused.value.params["wanted"]) == (2, 3)
    assert queries.view_stock(session).used == 0


def test_a_certificate_has_one_sheet_that_counts(session: Session) -> None:
    received(session)
    (one,) = certificates(session, 1)
    used(session, one)
    with pytest.raises(Conflict, match="BNSP 000101"):
        used(session, one)


def test_a_spoiled_sheet_sends_its_certificate_back_to_the_list(session: Session) -> None:
    received(session)
    (one,) = certificates(session, 1)
    (sheet,) = used(session, one)
    paper.spoil_sheet(session, KEEPER, sheet.id, Spoil(reason="Tersangkut di pencetak (contoh)."))
    assert waiting(session) == [one.number]
    assert [again.label for again in used(session, one)] == ["BNSP 000102"]
    (kept,) = sheet_queries.list_sheets(session, SheetQuery(status="spoiled")).items
    assert (kept.label, kept.number) == ("BNSP 000101", one.number)
    assert kept.reason.startswith("Tersangkut")


def test_a_sheet_is_spoiled_once_and_never_used_again(session: Session) -> None:
    received(session, "000101", "000102")
    sheet = session.scalars(select(StockSheet).order_by(StockSheet.number)).first()
    assert sheet is not None
    paper.spoil_sheet(session, KEEPER, sheet.id, Spoil(reason="Basah (contoh)."))
    with pytest.raises(Conflict):
        paper.spoil_sheet(session, KEEPER, sheet.id, Spoil(reason="Basah (contoh)."))
    assert [one.label for one in used(session, *certificates(session, 1))] == ["BNSP 000102"]


def test_only_what_is_in_force_is_printed(session: Session) -> None:
    received(session)
    suspended, making = issued(session, Candidate("A CONTOH")), numbered(session, Candidate("B CONTOH"))
    withdraw_certificate(session, CHAIR, suspended.id, REASON)
    assert waiting(session) == []
    with pytest.raises(Conflict):
        used(session, suspended)
    with pytest.raises(NotFound):
        used(session, making)
    assert queries.view_stock(session).used == 0


def test_a_layout_without_a_variant_for_stock_is_not_printed_on_it(session: Session) -> None:
    received(session)
    (one,) = certificates(session, 1)
    one.current.template = "certificate-1"
    with pytest.raises(Conflict, match="varian"):
        used(session, one)


def test_a_sheet_nobody_knows_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        paper.spoil_sheet(session, KEEPER, uuid4(), Spoil(reason="Basah (contoh)."))


def test_every_use_is_audited_with_sheet_and_number(session: Session) -> None:
    received(session)
    (one,) = certificates(session, 1)
    used(session, one)
    session.flush()
    row = session.scalars(select(AuditRow).where(AuditRow.action == "sheet:use")).one()
    assert row.after == {"state": SheetState.USED, "sheet": "BNSP 000101", "certificate": one.number}


def test_a_whole_meeting_is_printed_at_once(session: Session) -> None:
    received(session)
    first, second, third = certificates(session, 3)
    meeting = uuid4()
    for certificate in (third, first):
        session.get_one(Order, certificate.application_id).meeting_id = meeting
    session.flush()
    run = of_run(session, paper.use_sheets(session, KEEPER, UseSheets(meeting=meeting)))
    assert [sheet.version_id for sheet in run] == [first.current.id, third.current.id]
    assert waiting(session) == [second.number]
    with pytest.raises(Invalid):
        paper.use_sheets(session, KEEPER, UseSheets(meeting=meeting))
