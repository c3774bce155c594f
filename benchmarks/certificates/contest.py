"""The same certificate made by three makers in turn, one process, one certificate at a time; ratios of one run.

Each begins with the same sheet (photo, claims, QR text) and ends with signed bytes. WeasyPrint: PDF/A-3a, credential
attached. Chromium: no PDF/A, nothing attached. Both then signed by stock pyHanko (RSA-2048 out of PKCS#12).
"""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.measure import Figure, Figures
from benchmarks.peers import chromium_pyhanko, weasyprint_pyhanko
from benchmarks.peers.stock_pyhanko import StockSigner, create
from services.certificate.making.production import Sheet, make_signed_file
from tests.servers import available

ROUNDS = 15


def compare_makers(sheets: Sequence[Sheet], folder: Path) -> Figures:
    """Every maker makes each of `sheets`; the first round only warms them up."""
    create(folder / "stock.p12")
    signer = StockSigner(folder / "stock.p12")
    with chromium_pyhanko.warm(available.chromium()) as browser:
        makers: dict[str, Callable[[Sheet], object]] = {
            "kompeten": make_signed_file,
            "weasyprint_pyhanko": partial(weasyprint_pyhanko.made, signer=signer),
            "chromium": partial(chromium_pyhanko.made, signer=signer, browser=browser),
        }
        spent: dict[str, list[float]] = {name: [] for name in makers}
        for sheet in sheets:
            for name, make in makers.items():
                started = time.perf_counter()
                make(sheet)
                spent[name].append(time.perf_counter() - started)
    typical = {name: statistics.median(seconds[1:]) for name, seconds in spent.items()}
    return {f"certificates.{name}_ms": Figure(1000 * seconds, "ms") for name, seconds in typical.items()} | {
        f"certificates.ratio_{name}": Figure(typical[name] / typical["kompeten"], "x")
        for name in ("weasyprint_pyhanko", "chromium")
    }
