"""What the people of the demo bring along: a photo, papers, the data of a form. All of it is "contoh"."""

import random
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import typst

from shared.documents.glyphs import FONTS

PORTRAIT = Path(__file__).with_name("photo.typ")
PHOTO_PPI = 350


@dataclass(frozen=True)
class Somebody:
    """An applicant who never lived; `nik` is made up for the birth date."""

    name: str
    email: str
    nik: str
    birth_date: date


def choose_password(person: Somebody) -> str:
    """The password that an applicant of the demo sets."""
    return f"sandi acak {person.email}"


def invent_person(name: str) -> Somebody:
    """Invent an applicant, new in each run: one system can be shown the demo again and again."""
    chance = random.SystemRandom()
    birth = date(chance.randint(1975, 1998), chance.randint(1, 12), chance.randint(1, 28))
    nik = f"3175{chance.randint(1, 10):02d}{birth.day + 40:02d}{birth:%m%y}{chance.randint(1, 9999):04d}"
    return Somebody(f"{name} CONTOH", f"{name.split()[0].lower()}-{uuid4().hex[:8]}@contoh.test", nik, birth)


@cache
def make_paper(title: str) -> bytes:
    """Make a document of one page that says what it stands for, as PDF."""
    page = f'#set page(paper: "a5")\n#set text(size: 16pt)\n= {title} (contoh)\nDokumen contoh, bukan dokumen asli.'
    document: bytes = typst.compile(page.encode(), format="pdf")
    return document


@cache
def make_portrait() -> bytes:
    """Draw a 3x4 portrait with red background, labelled contoh, as PNG."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    picture: bytes = typst.compile(PORTRAIT.read_bytes(), format="png", ppi=PHOTO_PPI, font_paths=fonts)
    return picture


LIBRARY_D2: dict[str, Any] = {
    "level": "D2",
    "field": "Ilmu Perpustakaan",
    "library_science": True,
    "institution": "Universitas Contoh",
    "year": 2015,
}
SLTA: dict[str, Any] = {
    "level": "SLTA",
    "field": "IPS",
    "library_science": False,
    "institution": "SMA Contoh",
    "year": 2010,
}


def make_work_period(employer: str, since: date, until: date | None = None) -> dict[str, Any]:
    """One line of the work history, at work that matches the cluster."""
    return {
        "employer": f"{employer} (contoh)",
        "position": "Petugas layanan",
        "since": since.isoformat(),
        "until": until.isoformat() if until else None,
        "matches_scheme": True,
    }


def fill_form(person: Somebody, education: dict[str, Any], periods: list[dict[str, Any]]) -> dict[str, Any]:
    """Fill part 1 of FR-APL-01 for this person, as the API takes it."""
    employer = {"employer": "Perpustakaan Contoh", "position": "Pustakawan", "address": "Jl. Contoh 2"}
    return {
        "personal": {
            "name": person.name,
            "nik": person.nik,
            "birth_place": "Jakarta",
            "birth_date": person.birth_date.isoformat(),
            "sex": "P",
            "nationality": "Indonesia",
            "address": "Jl. Contoh 1, Jakarta",
            "city_code": "3175",
            "province_code": "31",
            "phone": "081200000000",
            "email": person.email,
        },
        "education": [education],
        "work": periods,
        "job": {**employer, "phone": "0215550000", "email": "perpustakaan@contoh.test"},
        "purpose": "certification",
    }
