"""What goes on paper: certificates on pre-printed sheets, and the receipt for one that is handed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter

from services.certificate.body_settings import DOCUMENTS, certification_body, find_stock_template
from services.certificate.making import production as making
from services.certificate.making.commands.numbering import write_day
from services.certificate.paper.domain import Manner
from services.certificate.paper.models import StockSheet
from shared.clock import JAKARTA
from shared.documents import render_pdf
from shared.runtime.offload import offload

RECEIPT = DOCUMENTS / "hand-over-1.typ"


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate on its sheet."""

    label: str
    sheet: making.Sheet


def gather_paper(sheet: StockSheet) -> Paper:
    """Return what stands on a used sheet, read in its row's session."""
    assert sheet.version is not None  # noqa: S101 - a used sheet carries a certificate
    return Paper(sheet.label, making.gather_sheet(sheet.version))


def print_on_stock(papers: Sequence[Paper]) -> bytes:
    """One PDF with every certificate in the order of the sheets, front and back each, for double-sided printing.

    It is for the printer only: unsigned, without the credential; the signed file stays the certificate.
    """
    made = [_page(paper) for paper in papers]
    return made[0] if len(made) == 1 else offload(_joined, made)


def describe_receipt(sheet: StockSheet) -> dict[str, Any]:
    """What the receipt says, read in the row's session; before it was handed over, with room to write."""
    assert sheet.version is not None  # noqa: S101 - a used sheet carries a certificate
    version, given = sheet.version, sheet.hand_over
    courier = given is not None and given.manner is Manner.COURIER
    facts = [
        ("Nama pemegang", version.holder_name),
        ("Nomor sertifikat", version.certificate.number),
        ("Nomor registrasi", version.certificate.registration_number),
        ("Skema", version.certificate.scheme_title),
        ("Nomor blanko", sheet.label),
    ]
    if given is not None and given.courier:
        facts.append(("Kurir", " / ".join(part for part in (given.courier, given.tracking) if part)))
    if given is not None and given.note:
        facts.append(("Catatan", given.note))
    return {
        "issuer": certification_body().name.id,
        "sample": certification_body().sample,
        "number": version.certificate.number,
        "facts": facts,
        "courier": courier,
        "handed_by": given.handed_by if given else "",
        "receiver": given.receiver if given else version.holder_name,
        "handed_on": write_day(given.handed_on, "id") if given else "",
    }


def render_receipt(data: Mapping[str, Any], at: datetime) -> bytes:
    """Return the receipt as PDF, dated `at`. Raises DocumentError."""
    return render_pdf(RECEIPT, data, at=at.astimezone(JAKARTA))


def _page(paper: Paper) -> bytes:
    return making.render_certificate(
        making.fetch_photo(paper.sheet), find_stock_template(paper.sheet.template), sheet_number=paper.label
    )


def _joined(files: Sequence[bytes]) -> bytes:
    out = PdfWriter()
    for file in files:
        out.append(PdfReader(BytesIO(file)))
    out.compress_identical_objects()
    written = BytesIO()
    out.write(written)
    return written.getvalue()
