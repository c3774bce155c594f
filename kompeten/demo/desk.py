"""The general affairs desk: pre-printed sheets, one spoiled, a certificate handed over, the list for BNSP."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
from pypdf import PdfReader

from kompeten.demo.cast import Cast
from kompeten.demo.client import Client, DemoFailed

Say = Callable[[str], None]
PAPER = "/certificate/api/paper"
FIRST, LAST = "000101", "000200"


def print_on_paper(cast: Cast, say: Say, certificate: dict[str, Any], folder: Path) -> None:
    """Play case 5: one certificate on BNSP's paper, from the sheets' arrival to the holder's hands."""
    desk, prefix = cast["sekretariat"], f"CONTOH-{uuid4().hex[:4].upper()}"
    desk.post(
        f"{PAPER}/ranges",
        {
            "letter_number": "B.1/BNSP (contoh)",
            "received_on": cast.today.isoformat(),
            "prefix": prefix,
            "first": FIRST,
            "last": LAST,
        },
    )
    sheet = _printed(desk, certificate, f"{prefix} {FIRST}")
    say(f"{certificate['number']} is printed on sheet {sheet['label']}")
    desk.post(f"{PAPER}/sheets/{sheet['id']}/spoil", {"reason": "Tersangkut di pencetak (contoh)"})
    sheet = _printed(desk, certificate, f"{prefix} 000102")
    say(f"that sheet is spoiled and kept with its reason; printed again on {sheet['label']}")
    path = f"{PAPER}/sheets/{sheet['id']}"
    pdf = desk.download(f"{path}/pdf")
    if sheet["label"] not in PdfReader(BytesIO(pdf)).pages[0].extract_text():
        raise DemoFailed(f"the print for {sheet['label']} does not name its sheet")
    (folder / "certificate-on-stock.pdf").write_bytes(pdf)
    given = desk.post(f"{path}/hand-over", {"manner": "holder", "handed_on": cast.today.isoformat()})
    (folder / "receipt.pdf").write_bytes(desk.download(f"{path}/receipt"))
    left = desk.get(PAPER)["left"]
    say(f"handed to {given['hand_over']['receiver']}, receipt ready to sign; {left} sheets are left")


def export_list_for_bnsp(cast: Cast, say: Say, folder: Path) -> None:
    """Export everybody decided so far as the workbook BNSP takes."""
    workbook = cast["sertifikasi"].download("/registration/api/requests.xlsx")
    (folder / "bnsp.xlsx").write_bytes(workbook)
    heading, *lines = openpyxl.load_workbook(BytesIO(workbook)).worksheets[0].values
    outcomes = [str(line[-1]) for line in lines]
    say(
        f"the list for BNSP: {len(heading)} columns, {outcomes.count('K')} lines K and {outcomes.count('BK')} BK;"
        " who took it is noted"
    )


def _printed(desk: Client, certificate: dict[str, Any], first_sheet: str) -> dict[str, Any]:
    body = {"certificate_ids": [certificate["id"]], "first_sheet": first_sheet}
    sheet: dict[str, Any] = desk.post(f"{PAPER}/runs", body)["sheets"][0]
    return sheet
