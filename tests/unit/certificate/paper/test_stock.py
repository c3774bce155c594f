from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.paper.domain import label_sheet, read_sheet_range
from services.certificate.paper.models import StockSheet
from services.certificate.paper.queries import stock as queries
from shared import clock
from shared.audit import AuditRow
from shared.errors import Conflict, Invalid
from shared.pagination import PageQuery
from tests.unit.certificate.paper.scene import certificates, received, used


def test_a_range_becomes_sheets_numbered_as_printed(session: Session) -> None:
    received(session, "000098", "000101")
    labels = session.scalars(select(StockSheet.label).order_by(StockSheet.number)).all()
    assert labels == ["BNSP 000098", "BNSP 000099", "BNSP 000100", "BNSP 000101"]


def test_a_range_without_prefix_has_bare_numbers(session: Session) -> None:
    received(session, "1", "2", prefix="")
    assert queries.find_next_label(session) == "1"


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("12a", "20", "first"), ("0010", "20", "last"), ("0020", "0010", "last"), ("00001", "10001", "last")],
)
def test_a_range_that_is_none_is_refused(session: Session, first: str, last: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        received(session, first, last)
    assert set(refused.value.fields) == {field}


def test_the_largest_range_is_ten_thousand_sheets() -> None:
    numbers, digits = read_sheet_range("00001", "10000")
    assert (len(numbers), digits) == (10_000, 5)
    assert label_sheet("", numbers[-1], digits) == "10000"


def test_sheets_that_are_in_stock_are_not_received_twice(session: Session) -> None:
    received(session, "000101", "000110")
    with pytest.raises(Conflict, match="BNSP 000105"):
        received(session, "000105", "000120", prefix="bnsp")
    received(session, "000105", "000120", prefix="LAIN")


def test_sheets_do_not_come_from_the_future(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        received(session, received_on=clock.today() + timedelta(days=1))
    assert "received_on" in refused.value.fields


def test_the_balance_of_each_range_and_of_the_whole_stock_adds_up(session: Session) -> None:
    received(session, "000101", "000110")
    received(session, "000201", "000205")
    used(session, *certificates(session, 3))
    stock = queries.view_stock(session)
    assert (stock.received, stock.used, stock.spoiled, stock.left) == (15, 3, 0, 12)
    assert stock.next == "BNSP 000104"
    assert [(one.first, one.left) for one in queries.list_stock_ranges(session, PageQuery()).items] == [
        ("BNSP 000201", 5),
        ("BNSP 000101", 7),
    ]


def test_a_few_sheets_left_are_warned_of_but_not_where_none_were_ever_received(session: Session) -> None:
    assert queries.count_low_stock(session) is None
    received(session, "000101", "000110")
    assert queries.count_low_stock(session) == 10
    received(session, "000201", "000400")
    assert queries.count_low_stock(session) is None


def test_what_was_received_is_audited(session: Session) -> None:
    received(session)
    session.flush()
    row = session.scalars(select(AuditRow).where(AuditRow.action == "stock:receive")).one()
    assert row.after is not None
    assert row.after["sheets"] == 10
