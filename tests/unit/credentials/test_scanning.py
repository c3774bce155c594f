"""A camera that sees the code coarsely still reads it: set by Typst, drawn at 150 dots an inch, read by zbar.

That is three to four dots a module. Any phone sees more; at 100 dots, two a module, zbar reads four of five.
"""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from shared.credentials import Claims, LocalKey, compact
from shared.documents import qr, render_pdf
from tests.servers.packages import install, need

TEMPLATE = """#set document(title: "Kode contoh")
#set page(width: 60mm, height: 60mm, margin: 10mm)
#image(bytes({{ code }}), format: "svg", width: {{ millimetres }} * 1mm, alt: "Kode QR")
"""
LONG = "RADEN AJENG SITI NURHALIZAH KUSUMAWARDHANI PUTRI CONTOH"
CLUSTER = "Pelaksanaan Evaluasi Pengembangan Koleksi Perpustakaan"


@pytest.mark.parametrize("name", ["SITI CONTOH", LONG])
@pytest.mark.parametrize("millimetres", [29, 31, 34])
def test_the_code_is_read_from_a_coarse_picture(
    claims: Claims, key: LocalKey, tmp_path: Path, name: str, millimetres: int
) -> None:
    install("poppler-utils", "zbar-tools", programs=("pdftoppm", "zbarimg"))
    told = replace(
        claims,
        holder_name=name,
        scheme=replace(claims.scheme, id=CLUSTER),
        check_url="https://sertifikasi.contoh.go.id/certificate/check/abcdefghij234567klmnopqrst",
    )
    text = compact.qr_text(told, key)
    (tmp_path / "code.typ").write_text(TEMPLATE)
    (tmp_path / "code.pdf").write_bytes(
        render_pdf(tmp_path / "code.typ", {"code": qr.qr_svg(text), "millimetres": millimetres})
    )
    picture = tmp_path / "code"
    subprocess.run([need("pdftoppm"), "-r", "150", "-png", "-singlefile", tmp_path / "code.pdf", picture], check=True)
    seen = subprocess.run([need("zbarimg"), "-q", "--raw", f"{picture}.png"], capture_output=True, text=True)
    assert seen.stdout.strip() == text
