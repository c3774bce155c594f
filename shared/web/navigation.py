"""Where things are, across services: each service's root is its work list, and each role lands on its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.errors import N_
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from shared.settings import settings

HOME = "/registration/"
SIGN_IN = "/registration/sign-in"
SIGN_OUT = "/registration/sign-out"
RENEW = "/registration/session/renew"
REGISTER = "/registration/register"
PROCEDURES = "/registration/information"
CHECK = "/certificate/check"
ACCOUNT = "/registration/account"

STAFF = frozenset({Role.SECRETARIAT, *OFFICERS})


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; `own` is what an applicant calls it. `trial` places are there on a trial alone."""

    path: str
    label: str
    roles: frozenset[Role]
    own: str = ""
    trial: bool = False

    def label_for(self, actor: Actor) -> str:
        return self.own if self.own and actor.roles == {Role.APPLICANT} else self.label


EVERYBODY = frozenset({Role.APPLICANT, Role.AUDITOR}) | STAFF
PLACES = (
    Place("/registration/applications", N_("Permohonan saya"), frozenset({Role.APPLICANT})),
    Place("/registration/verification", N_("Permohonan"), STAFF | {Role.AUDITOR}),
    Place("/registration/accounts", N_("Akun"), frozenset({Role.ADMINISTRATOR})),
    Place("/assessment/", N_("Asesmen"), EVERYBODY | {Role.ASSESSOR}, N_("Asesmen saya")),
    Place(
        "/decision/",
        N_("Keputusan"),
        EVERYBODY | {Role.ASSESSOR, Role.COMPLAINTS_OFFICER, Role.ADMINISTRATOR},
        N_("Keputusan saya"),
    ),
    Place("/certificate/", N_("Sertifikat"), EVERYBODY, N_("Sertifikat saya")),
    Place("/certificate/agencies", N_("Instansi lain"), frozenset({Role.ADMINISTRATOR})),
    Place("/surveillance/", N_("Surveilan"), EVERYBODY, N_("Surveilan saya")),
)

MAILS = Place("/notification/mails", N_("Surel keluar"), frozenset({Role.ADMINISTRATOR}))
LETTERBOX = Place("/notification/inbox", N_("Kotak surat"), frozenset(Role))
"""Trial systems deliver no mail: it is read here."""

LANDING: tuple[tuple[Role, str], ...] = (
    (Role.CHAIR, "/decision/"),
    (Role.HEAD_OF_CERTIFICATION, "/decision/"),
    (Role.HEAD_OF_GENERAL_AFFAIRS, "/decision/"),
    (Role.HEAD_OF_QUALITY_CONTROL, "/decision/"),
    (Role.HEAD_OF_STANDARDS, "/decision/"),
    (Role.ASSESSOR, "/assessment/"),
    (Role.COMPLAINTS_OFFICER, "/decision/"),
    (Role.SECRETARIAT, "/registration/"),
)


def find_landing(roles: Iterable[Role]) -> str:
    """The work list that somebody with these roles sees first."""
    held = set(roles)
    return next((path for role, path in LANDING if role in held), "/registration/")


def is_current_place(place: Place, path: str, places: list[Place]) -> bool:
    """Whether a page belongs to a place: below it, or in its service when that has no other place."""
    if path.startswith(place.path):
        return True
    service = _service(place.path)
    rivals = [other for other in places if _service(other.path) == service]
    return _service(path) == service and rivals == [place]


def _service(path: str) -> str:
    return path.split("/")[1]


def list_places(actor: Actor | None) -> list[Place]:
    places = (*PLACES, MAILS, LETTERBOX) if settings().trial else (*PLACES, MAILS)
    return [place for place in places if actor is not None and actor.has(*place.roles)]
