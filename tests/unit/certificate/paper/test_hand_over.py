from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.certificate.paper import commands as paper
from services.certificate.paper import print_files as printing
from services.certificate.paper.commands import Spoil
from services.certificate.paper.domain import Manner
from services.certificate.paper.queries import sheets as sheet_queries
from services.certificate.paper.queries import stock as queries
from services.certificate.paper.queries.sheets import SheetQuery
from shared import clock
from shared.errors import Conflict, Invalid
from tests.unit.certificate.paper.scene import KEEPER, certificates, received, to_the_holder, used
from tests.unit.documents.conformance import failures


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_a_certificate_is_handed_to_its_holder_once(session: Session) -> None:
    received(session)
    (one,) = certificates(session, 1)
    (sheet,) = used(session, one)
    given = paper.hand_over_certificate(session, KEEPER, sheet.id, to_the_holder())
    assert (given.receiver, given.handed_by) == (one.holder_name, KEEPER.name)
    with pytest.raises(Conflict):
        paper.hand_over_certificate(session, KEEPER, sheet.id, to_the_holder())
    with pytest.raises(Conflict):
        paper.spoil_sheet(session, KEEPER, sheet.id, Spoil(reason="Terlambat (contoh)."))


def test_a_courier_has_a_name(session: Session) -> None:
    received(session)
    (sheet,) = used(session, *certificates(session, 1))
    with pytest.raises(Invalid) as refused:
        paper.hand_over_certificate(session, KEEPER, sheet.id, to_the_holder(manner=Manner.COURIER))
    assert set(refused.value.fields) == {"courier"}
    given = paper.hand_over_certificate(
        session, KEEPER, sheet.id, to_the_holder(manner=Manner.COURIER, courier="Kurir Contoh", tracking="X1")
    )
    assert given.receiver == "Kurir Contoh"


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_lies_between_printing_and_today(session: Session, days: int) -> None:
    received(session)
    (sheet,) = used(session, *certificates(session, 1))
    with pytest.raises(Invalid) as refused:
        paper.hand_over_certificate(
            session, KEEPER, sheet.id, to_the_holder(handed_on=clock.today() + timedelta(days=days))
        )
    assert set(refused.value.fields) == {"handed_on"}


def test_a_free_sheet_is_not_handed_over(session: Session) -> None:
    received(session)
    free = sheet_queries.list_sheets(session, SheetQuery()).items[0]
    with pytest.raises(Conflict):
        paper.hand_over_certificate(session, KEEPER, free.id, to_the_holder())


def test_lists_tell_who_still_waits_for_paper(session: Session) -> None:
    received(session)
    sheets = used(session, *certificates(session, 2))
    paper.hand_over_certificate(session, KEEPER, sheets[0].id, to_the_holder(receiver="Wakil Contoh"))
    session.flush()
    session.expire_all()
    waiting = sheet_queries.list_sheets(session, SheetQuery(status="waiting"))
    handed = sheet_queries.list_sheets(session, SheetQuery(status="handed", q="wakil"))
    assert [one.label for one in waiting.items] == ["BNSP 000102"]
    assert [one.label for one in handed.items] == ["BNSP 000101"]
    assert queries.view_stock(session).to_hand_over == 1


def test_the_receipt_names_sheet_certificate_and_both_sides(session: Session) -> None:
    received(session)
    (one,) = certificates(session, 1)
    (sheet,) = used(session, one)
    paper.hand_over_certificate(session, KEEPER, sheet.id, to_the_holder(note="Dengan surat kuasa (contoh)"))
    pdf = printing.render_receipt(printing.describe_receipt(sheet), clock.now())
    assert failures(pdf) == []
    text = text_of(pdf)
    for wanted in (one.number, one.holder_name, "BNSP 000101", "Dengan surat kuasa (contoh)", KEEPER.name, "CONTOH"):
        assert wanted in text


def test_a_receipt_can_be_printed_before_it_is_signed(session: Session) -> None:
    received(session)
    (sheet,) = used(session, *certificates(session, 1))
    assert "TANDA TERIMA" in text_of(printing.render_receipt(printing.describe_receipt(sheet), clock.now())).upper()
