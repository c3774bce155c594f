from io import BytesIO

from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.certificate.paper import print_files as printing
from services.certificate.paper.queries import sheets as sheet_queries
from tests.unit.certificate.paper.scene import certificates, received, used


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_run_is_one_file_in_the_order_of_the_sheets(session: Session, store: object) -> None:
    received(session)
    made = certificates(session, 3)
    sheets = used(session, *made)
    pages = pages_of(printing.print_on_stock([printing.gather_paper(sheet) for sheet in sheets]))
    assert len(pages) == 6
    for at, (sheet, certificate) in enumerate(zip(sheets, made, strict=True)):
        assert sheet.label in pages[2 * at]
        assert certificate.holder_name in pages[2 * at]


def test_one_sheet_can_be_printed_alone(session: Session, store: object) -> None:
    received(session)
    (sheet,) = used(session, *certificates(session, 1))
    pages = pages_of(printing.print_on_stock([printing.gather_paper(sheet_queries.find_used_sheet(session, sheet.id))]))
    assert len(pages) == 2
    assert "BNSP 000101" in pages[0]
