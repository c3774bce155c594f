"""How often passwords may be tried, so that no stranger uses up the owner's tries.

A known browser (`devices.py`) has tries of its own, and all of one address together no more than strangers have. All
others share three allowances: of one network on one address, of one network on all, and of all strangers on one
address. The last keeps a guesser with many networks from an account; that it keeps the owner's new browser out as well
is told to the owner, with a link that makes the browser a known one (`device_links.py`). Addresses with and without an
account are counted alike.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from services.registration.commands.devices import find_device_key
from services.registration.encrypted_kinds import EMAIL
from shared.errors import N_, TooMany
from shared.security.allowances import Allowance, Spent, find_allowances
from shared.security.encryption import blind_index
from shared.settings import settings

CROWD = 5
"""How many times the tries of one network on one address a network has on all, and all strangers on one address.

An office behind one address is many people.
"""
OF_DEVICE = "tries of a known browser"
OF_ACCOUNT = "strangers' tries on an address"

PAUSED = N_(
    "Terlalu banyak percobaan masuk yang gagal. Tunggu {minutes} menit, atau atur ulang kata sandi Anda lewat surel: "
    "peramban yang memakai tautan itu dapat langsung masuk."
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody tries: the mark of the network, and the device keys that the browser showed."""

    network: str
    device_keys: tuple[str, ...] = ()


def mark_email(email: str) -> str:
    """The keyed mark that an address is counted and logged by: people type passwords where the address belongs."""
    return blind_index(EMAIL, email, "sign-in email")[:32]


def take_try(email: str, visitor: Visitor) -> tuple[Allowance, ...]:
    """Use one try of this visitor on this address, and return what was used. Raises Spent."""
    key = find_device_key(email, visitor.device_keys)
    if key:
        of_known = list_known_browsers_tries(email, key)
        with suppress(Spent):
            find_allowances().take(*of_known)
            return of_known
    of_strangers = list_strangers_tries(email, visitor.network)
    find_allowances().take(*of_strangers)
    return of_strangers


def list_known_browsers_tries(email: str, key: str) -> tuple[Allowance, ...]:
    """What the tries of the browser with this device key use up: its own, and those of all known browsers."""
    tries = settings().login_tries
    return (
        Allowance(OF_DEVICE, write_growing_rate(tries), (key.rpartition(".")[0],)),
        Allowance("tries of known browsers", _write_crowds_rate(tries), (mark_email(email),)),
    )


def list_strangers_tries(email: str, network: str) -> tuple[Allowance, ...]:
    """What the tries of a browser nobody knows use up."""
    tries, who = settings().login_tries, mark_email(email)
    return (
        Allowance("tries of a network on an address", write_growing_rate(tries), (network, who)),
        Allowance("tries of a network", f"{tries * CROWD}/15 minutes", (network,)),
        Allowance(OF_ACCOUNT, _write_crowds_rate(tries), (who,)),
    )


def is_of_known_browser(taken: Sequence[Allowance]) -> bool:
    """Whether what was used up are tries that a known browser has to itself."""
    return bool(taken) and taken[0].name == OF_DEVICE


def forgive_tries(taken: Sequence[Allowance]) -> None:
    """The password was right: this visitor's failures before it are forgiven, and it counts for nobody else."""
    find_allowances().forget(*taken[:1])
    find_allowances().give_back(*taken[1:])


def make_pause_refusal(spent: Spent) -> TooMany:
    """The answer while no more tries are left; the same with and without an account behind the address."""
    return TooMany("sign-in-paused", PAUSED, minutes=spent.minutes, details={"retry_after": spent.retry_after})


def write_growing_rate(tries: int) -> str:
    """The rates of an allowance: `tries` at first; whoever goes on failing waits longer each time."""
    return f"{tries}/15 minutes; {tries * 2}/2 hours; {tries * 4}/day"


def _write_crowds_rate(tries: int) -> str:
    """The rates of all who try one account. NIST SP 800-63B 5.2.2: no more than 100 in a row."""
    return f"{tries * CROWD}/15 minutes; {tries * CROWD * 2}/day"
