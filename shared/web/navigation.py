"""Where things are, across services. Each service declares its places; who makes the applications knows them all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import current_app

from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from shared.settings import settings

NAVIGATION = "kompeten.places"
"""Key in the application's extensions."""
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

    @property
    def exists(self) -> bool:
        """Whether this system has it."""
        return not self.trial or settings().trial

    def label_for(self, actor: Actor) -> str:
        """The words of the entry: those for applicants to whoever is nothing else."""
        return self.own if self.own and actor.roles == {Role.APPLICANT} else self.label


EVERYBODY = frozenset({Role.APPLICANT, Role.AUDITOR}) | STAFF

LANDING_ORDER = (
    Role.CHAIR,
    Role.HEAD_OF_CERTIFICATION,
    Role.HEAD_OF_GENERAL_AFFAIRS,
    Role.HEAD_OF_QUALITY_CONTROL,
    Role.HEAD_OF_STANDARDS,
    Role.ASSESSOR,
    Role.COMPLAINTS_OFFICER,
    Role.SECRETARIAT,
)
"""Who has several roles lands on the work list of the first of them."""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The places of the system in their order, and the work list (a path) that each role lands on."""

    places: Sequence[Place] = ()
    landings: Mapping[Role, str] = field(default_factory=dict)

    def list_places(self, actor: Actor | None) -> list[Place]:
        """The places this person may go to; none for who is not signed in."""
        if actor is None:
            return []
        return [place for place in self.places if place.exists and actor.has(*place.roles)]

    def find_landing(self, roles: Iterable[Role]) -> str:
        """The work list that somebody with these roles sees first; HOME where none of them has one."""
        held = set(roles)
        return next((self.landings[role] for role in LANDING_ORDER if role in held & self.landings.keys()), HOME)


def current_navigation() -> Navigation:
    """The navigation that the application answering this request was made with."""
    found: Navigation = current_app.extensions[NAVIGATION]
    return found


def list_places(actor: Actor | None) -> list[Place]:
    """The places this person may go to; none for who is not signed in."""
    return current_navigation().list_places(actor)


def find_landing(roles: Iterable[Role]) -> str:
    """The work list that somebody with these roles sees first."""
    return current_navigation().find_landing(roles)


def is_own_account(path: str) -> bool:
    """Whether a page is about one's own account, which the name in the head leads to and no place does."""
    return path == ACCOUNT or path.startswith(f"{ACCOUNT}/")


def is_current_place(place: Place, path: str, places: list[Place]) -> bool:
    """Whether a page belongs to a place: below it, or in its service when that has no other place."""
    if is_own_account(path):
        return False
    if path.startswith(place.path):
        return True
    service = _service(place.path)
    rivals = [other for other in places if _service(other.path) == service]
    return _service(path) == service and rivals == [place]


def find_current_entry(menu: Sequence[Place], path: str) -> Place | None:
    """The entry of a service's menu that a page is or lies below; its own root is current for itself alone."""
    above = [entry for entry in menu if path == entry.path or path.startswith(f"{entry.path.rstrip('/')}/")]
    fitting = [entry for entry in above if path == entry.path or not entry.path.endswith("/")]
    return max(fitting, key=lambda entry: len(entry.path), default=None)


def _service(path: str) -> str:
    return path.split("/")[1]
