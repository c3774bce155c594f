"""Words that mean one thing alone (domain handbook 10)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERWISE = (
    "Jenis berkas tidak diterima",
    "Kunci sandi itu tidak diterima",
    "Kosongkan bila diterima pemegang sendiri",
    "Tanggal diterima",
    "Berkas asli seperti diterima pemegang",
    "Unggah berkas asli yang diterima dari pemegangnya",
    "Peristiwa terakhir yang diterima",
    "peristiwa yang diterima belum dapat diolah",
    "Jelaskan pengaduan atau sanksi yang diterima",
    "telah diserahkan dan diterima dalam",
    '(_("Diterima"), found.received)',
    "lanko yang diterima",
)
"""Sheets of paper, files and events that somebody got, and what a form refuses to take."""


def test_accepted_is_said_of_no_application_and_no_appeal() -> None:
    """Received is "kami terima", admitted "dinyatakan lengkap", upheld "dikabulkan": "diterima" could be each."""
    found = []
    for top in ("services", "shared", "kompeten"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".py", ".html", ".txt", ".typ"):
                text = path.read_text()
                for phrase in OTHERWISE:
                    text = text.replace(phrase, "")
                found += [f"{path.relative_to(ROOT)}: {line.strip()}" for line in text.splitlines()
                          if re.search(r"\bditerima\b", line, re.IGNORECASE)]  # fmt: skip
    assert found == []
