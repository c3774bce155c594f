"""The list for BNSP in LibreOffice: what somebody there sees and saves is what we wrote (domain handbook 5)."""

import csv
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from services.registration.body_settings import read_code_tables
from services.registration.domain.request_list import COLUMNS, Assessed, Codes, compose_request_row
from services.registration.request_sheet import write_request_workbook
from shared.contracts.words import Judgement
from tests.unit.registration.forms import form

DOMAIN_HANDBOOK_5 = (
    "NO,NAMA ASESI,NIK,TEMPAT LAHIR,TANGGAL LAHIR,JENIS KELAMIN,TEMPAT TINGGAL,KODE KOTA,KODE PROVINSI,TELP,EMAIL,"
    "KODE PENDIDIKAN,KODE PEKERJAAN,KODE JADWAL,TANGGAL UJI,NOMOR REGISTRASI ASESOR,KODE SUMBER ANGGARAN,"
    "KODE KEMENTERIAN,K/BK"
)
HEADINGS = DOMAIN_HANDBOOK_5.split(",")
HOSTILE = ('=HYPERLINK("http://contoh.test";"klik")', "+62 812", "-1+1", "@SUM(1;2)", "1/2", "1E5", "007", "TRUE")
Opened = Callable[[bytes], list[list[str]]]


@pytest.fixture
def opened(office_path: str, tmp_path: Path) -> Opened:
    """Opens a workbook in LibreOffice and saves it as CSV, every cell as it is shown."""

    def open_it(data: bytes) -> list[list[str]]:
        (tmp_path / "daftar.xlsx").write_bytes(data)
        convert(office_path, tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false")
        with (tmp_path / "daftar.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return open_it


def convert(office: str, folder: Path, target: str) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    done = subprocess.run(
        [office, profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(folder / "daftar.xlsx")],
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr


def listed(number: int, judgement: Judgement = Judgement.K, **changes: str) -> tuple[int | str, ...]:
    assessed = Assessed(form(personal=changes), date(2026, 3, 5), "MET.000.000001 contoh", judgement)
    return compose_request_row(number, assessed, Codes(schedule="J-01", budget="02"), read_code_tables())


def test_libreoffice_shows_the_nineteen_columns_and_every_text_as_it_was(opened: Opened) -> None:
    hostile = [listed(at, Judgement.BK, address=text) for at, text in enumerate(HOSTILE, 2)]
    head, first, *rest = opened(write_request_workbook([listed(1), *hostile]))
    assert head == HEADINGS == list(COLUMNS)
    cells = dict(zip(HEADINGS, first, strict=True))
    assert re.fullmatch(r"\d{16}", cells["NIK"])
    assert cells["NIK"] == form().personal.nik
    assert cells["TANGGAL LAHIR"] == f"{form().personal.birth_date:%d/%m/%Y}"
    assert cells["TANGGAL UJI"] == "05/03/2026"
    assert cells["TELP"].startswith("0")
    assert (cells["NO"], cells["JENIS KELAMIN"], cells["K/BK"]) == ("1", form().personal.sex.value, "K")
    assert (cells["KODE JADWAL"], cells["KODE SUMBER ANGGARAN"]) == ("J-01", "02")
    assert [line[HEADINGS.index("TEMPAT TINGGAL")] for line in rest] == list(HOSTILE)
    assert {line[-1] for line in rest} == {"BK"}


def test_it_prints_across_the_page(office_path: str, tmp_path: Path) -> None:
    (tmp_path / "daftar.xlsx").write_bytes(write_request_workbook([listed(at) for at in range(1, 61)]))
    convert(office_path, tmp_path, "pdf")
    pages = subprocess.run(["pdfinfo", tmp_path / "daftar.pdf"], capture_output=True, text=True, check=True).stdout
    width, height = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", pages).groups()  # type: ignore[union-attr]
    assert float(width) > float(height)
    assert int(re.search(r"Pages:\s+(\d+)", pages)[1]) <= 3  # type: ignore[index]
