"""Sheets come with a letter of BNSP, in ranges (domain handbook 5)."""

from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field, StringConstraints
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.certificate.paper.commands.given import Given, Line
from services.certificate.paper.domain import SheetState, label_sheet, read_sheet_range
from services.certificate.paper.models import StockRange, StockSheet
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid
from shared.security.actor import Actor
from shared.visible import require_visible


class Receive(Given):
    """Sheets that came with one letter. Numbers are typed as printed, with their zeros."""

    letter_number: Annotated[Line, Field(min_length=1, description="Number of BNSP's letter."), require_visible()]
    received_on: date
    prefix: Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9 ./-]*$")] = Field(
        "", description="What stands before the number on every sheet."
    )
    first: str = Field(min_length=1, max_length=12, description="Number of the first sheet, as printed.")
    last: str = Field(min_length=1, max_length=12, description="Number of the last sheet, as printed.")
    note: str = Field("", max_length=1000)


def receive_sheets(session: Session, actor: Actor, given: Receive) -> StockRange:
    """Take a range into stock. Raises Invalid for a range that is none, Conflict for sheets that are known already."""
    numbers, digits = read_sheet_range(given.first, given.last)
    prefix = given.prefix.upper()
    if given.received_on > clock.today():
        future = N_("Tanggal ini belum tiba.")
        raise Invalid("stock-date", future, fields={"received_on": future})
    taken = session.scalar(
        select(StockSheet.label)
        .where(StockSheet.prefix == prefix, StockSheet.number.between(numbers.start, numbers.stop - 1))
        .limit(1)
    )
    if taken is not None:
        raise _known(taken)
    stock = StockRange(
        id=uuid4(), letter_number=given.letter_number, received_on=given.received_on, prefix=prefix,
        first=numbers.start, last=numbers.stop - 1, digits=digits, note=given.note, received_by=actor.name,
    )  # fmt: skip
    session.add(stock)
    session.flush()
    _add_sheets(session, stock, numbers)
    audit.record_act(
        session, actor, "stock:receive", stock.subject,
        after={"letter": given.letter_number, "from": given.first, "to": given.last, "sheets": len(numbers)},
    )  # fmt: skip
    return stock


def _add_sheets(session: Session, stock: StockRange, numbers: range) -> None:
    table: Any = StockSheet.__table__
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(), "range_id": stock.id, "prefix": stock.prefix, "number": number,
            "label": label_sheet(stock.prefix, number, stock.digits), "state": SheetState.FREE,
            "used_by": "", "spoiled_by": "", "reason": "",
        }
        for number in numbers
    ]  # fmt: skip
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    try:
        session.execute(insert(table), rows)
    except IntegrityError as error:
        raise _known(label_sheet(stock.prefix, stock.first, stock.digits)) from error


def _known(label: str) -> Conflict:
    message = N_("Lembar {label} sudah ada dalam persediaan. Periksa nomor pertama dan terakhirnya.")
    return Conflict("stock-known", message, label=label)
