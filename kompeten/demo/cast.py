"""Who takes part on the body's side: accounts, appointments, assessors, an assessment centre, an open period."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from kompeten.demo.client import Client, Refused, wait_for
from kompeten.demo.mailed import find_mailed_key

STAFF = {
    "sekretariat": ("Sekretariat (contoh)", ["secretariat"]),
    "sekretariat2": ("Sekretariat Kedua (contoh)", ["secretariat"]),
    "asesor": ("Asesor Pertama (contoh)", ["assessor"]),
    "asesor2": ("Asesor Kedua (contoh)", ["assessor"]),
    "ketua": ("Ketua LSP (contoh)", ["chair"]),
    "umum": ("Kepala Bagian Umum (contoh)", ["head_of_general_affairs"]),
    "sertifikasi": ("Kepala Bidang Sertifikasi (contoh)", ["head_of_certification"]),
    "mutu": ("Kepala Bidang Pengendali Mutu (contoh)", ["head_of_quality_control"]),
    "standardisasi": ("Kepala Bidang Standardisasi (contoh)", ["head_of_standards"]),
    "wakil": ("Wakil Ketua Cadangan (contoh)", ["head_of_standards"]),
    "pengaduan": ("Petugas Pengaduan (contoh)", ["complaints_officer"]),
}
OFFICES = {
    "ketua": "chair",
    "umum": "head_of_general_affairs",
    "sertifikasi": "head_of_certification",
    "mutu": "head_of_quality_control",
    "standardisasi": "head_of_standards",
}
SCHEME = "layanan-dasar"


@dataclass
class Cast:
    """The body's people, each signed in, and what they have set up. `today` is the system's day."""

    nobody: Client
    admin: Client
    password: str
    today: date
    people: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    assessors: dict[str, str] = field(default_factory=dict)
    centre: str = ""
    scheme: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Client:
        return self.people[name]

    @property
    def officers(self) -> list[str]:
        """The short names of the five who hold an office."""
        return list(OFFICES)


def assemble_cast(nobody: Client, admin: Client, password: str, today: date) -> Cast:
    """Find or make the people, appointments, assessors, centre and period that the cases need. Safe to repeat."""
    cast = Cast(nobody, admin, password, today)
    for number, (name, (title, roles)) in enumerate(STAFF.items(), 1):
        email = f"{name}@contoh.test"
        _have_account(cast, {"name": title, "email": email, "roles": roles, "nik": f"317101010190{number:04d}"})
        cast.people[name] = nobody.signed_in(email, password)
        cast.ids[name] = cast.people[name].get("/registration/api/me")["id"]
    cast.scheme = nobody.get(f"/registration/api/schemes/{SCHEME}")
    _appoint(cast)
    _register_assessors(cast)
    _open_period(cast)
    return cast


def _have_account(cast: Cast, wanted: dict[str, Any]) -> None:
    """Open the account unless it is there, and set its password through the invitation that was mailed."""
    try:
        cast.admin.post("/registration/api/accounts", wanted)
    except Refused as refused:
        if refused.code != "email-taken":
            raise
    else:
        key = find_mailed_key(cast.admin, wanted["email"], "account_invited")
        cast.nobody.post("/registration/api/password-resets/use", {"key": key, "new": cast.password})


def _appoint(cast: Cast) -> None:
    """Record the first set of officers as whoever installs a trial does, unless somebody is in office."""
    holders = [
        {"office": office, "account_id": cast.ids[name]} for name, office in [*OFFICES.items(), ("umum", "deputy")]
    ]
    body = {
        "holders": holders,
        "since": (cast.today - timedelta(days=30)).isoformat(),
        "until": (cast.today + timedelta(days=365 * 5)).isoformat(),
    }
    path = "/decision/api/trial/officers"
    wait_for("the first officers", partial(_post_unless_there, cast.admin, path, body, "officers-in-office"))


def _post_unless_there(client: Client, path: str, body: dict[str, Any], there: str) -> bool:
    """Post, unless it is there, which the code `there` tells: a trial assembles its own cast when it starts. True.

    Raises Refused for other refusals.
    """
    try:
        client.post(path, body)
    except Refused as refused:
        if refused.code != there:
            raise
    return True


def _register_assessors(cast: Cast) -> None:
    head = cast["sertifikasi"]
    until = (cast.today + timedelta(days=365 * 5)).isoformat()
    known = {line["id"] for line in head.get("/assessment/api/assessors", size=100)["items"]}
    for number, name in enumerate(("asesor", "asesor2"), 1):
        body = {
            "account_id": cast.ids[name],
            "met_number": f"MET.000.{number:06d} contoh",
            "valid_until": until,
            "schemes": [SCHEME],
        }
        if cast.ids[name] not in known:
            register = partial(_post_unless_there, head, "/assessment/api/assessors", body, "assessor-registered")
            wait_for(f"the register of {name}", register)
        cast.assessors[name] = cast.ids[name]  # an assessor is registered under the account
    cast.centre = find_or_make_centre(head, until)


def find_or_make_centre(head: Client, until: str) -> str:
    """The demo's centre, asked for by name: a system that was tried out for long has more than a page of them."""
    wanted = _centre(until)
    found = _find_centre(head, wanted["name"])
    if found is None:
        _post_unless_there(head, "/assessment/api/centres", wanted, "centre-name-taken")
        found = wait_for("the centre", partial(_find_centre, head, wanted["name"]))
    return str(found["id"])


def _find_centre(head: Client, name: str) -> dict[str, Any] | None:
    centres = head.get("/assessment/api/centres", q=name, size=100)["items"]
    return next((centre for centre in centres if centre["name"] == name), None)


def _centre(until: str) -> dict[str, Any]:
    return {
        "name": "TUK Contoh",
        "kind": "sewaktu",
        "address": "Jl. Contoh 3, Jakarta",
        "verified_until": until,
        "schemes": [SCHEME],
        "capacity": 100,
    }


def _open_period(cast: Cast) -> None:
    for period in cast.nobody.get("/registration/api/periods"):
        if period["open"] and any(quota["scheme_id"] == SCHEME for quota in period["quotas"]):
            return
    cast["sekretariat"].post(
        "/registration/api/periods",
        {
            "title": f"Periode Sertifikasi {cast.today.year} (contoh)",
            "place": "TUK Contoh",
            "opens_on": cast.today.isoformat(),
            "closes_on": (cast.today + timedelta(days=60)).isoformat(),
            "quotas": {SCHEME: 1000},
        },
    )
