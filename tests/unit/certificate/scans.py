"""What a scanner sees of a sheet, and what independent readers make of its QR code."""

import subprocess
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw

from tests.servers.packages import install, need


def picture(pdf: bytes, folder: Path, dpi: int, page: int = 1) -> Path:
    """A page as PNG, at `dpi`."""
    install("poppler-utils", programs=("pdftoppm",))
    (folder / "sheet.pdf").write_bytes(pdf)
    options = ["-r", str(dpi), "-png", "-singlefile", "-f", str(page), "-l", str(page)]
    subprocess.run([need("pdftoppm"), *options, folder / "sheet.pdf", folder / "page"], check=True)
    return folder / "page.png"


def zbar(picture: Path) -> str:
    """The text ZBar reads; empty when it reads none."""
    install("zbar-tools", programs=("zbarimg",))
    options = ["--quiet", "--raw", "--nodbus", "-S*.disable", "-Sqrcode.enable"]
    done = subprocess.run([need("zbarimg"), *options, picture], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def zxing(picture: Path) -> str:
    """The text ZXing reads; empty when it reads none."""
    with Image.open(picture) as image:
        codes = zxingcpp.read_barcodes(image.convert("L"))
    return codes[0].text if codes else ""


def photo(colour: str = "#b2182b") -> bytes:
    """A portrait 3x4 (contoh): nobody's."""
    image = Image.new("RGB", (354, 472), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 300, 334, 640), fill="#28324a")
    draw.ellipse((110, 90, 244, 280), fill="#deb496")
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
