"""A filled FR-APL-01 (contoh), and ways to vary it."""

from typing import Any

from services.registration.domain.form import Form

FILLED: dict[str, Any] = {
    "personal": {
        "name": "Sari Contoh",
        "nik": "3175014505900001",
        "birth_place": "Jakarta",
        "birth_date": "1990-05-05",
        "sex": "P",
        "nationality": "Indonesia",
        "address": "Jl. Contoh 1",
        "city_code": "3175",
        "province_code": "31",
        "phone": "081200000001",
        "email": "sari@contoh.test",
    },
    "education": [
        {
            "level": "D2",
            "field": "Ilmu Perpustakaan",
            "library_science": True,
            "institution": "Universitas Contoh",
            "year": 2012,
        }
    ],
    "trainings": [],
    "work": [
        {
            "employer": "Perpustakaan Contoh",
            "position": "Pustakawan",
            "since": "2015-01-01",
            "until": None,
            "matches_scheme": True,
        }
    ],
    "job": {
        "employer": "Perpustakaan Contoh",
        "position": "Pustakawan",
        "address": "Jl. Contoh 2",
        "phone": "",
        "email": "",
    },
    "purpose": "certification",
    "adjustment": "",
}

LIBRARY_PROOFS = ("photo", "diploma", "transcript")


def filled(**sections: Any) -> dict[str, Any]:
    """The filled form with some sections replaced; `personal` and `job` are changed field by field."""
    data = {**FILLED}
    for name, value in sections.items():
        data[name] = {**FILLED[name], **value} if isinstance(FILLED[name], dict) else value
    return data


def form(**sections: Any) -> Form:
    return Form.model_validate(filled(**sections))
