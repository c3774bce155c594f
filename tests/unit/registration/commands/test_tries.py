from contextlib import suppress
from datetime import timedelta

import pytest

from services.registration.commands import devices
from services.registration.commands.devices import MOST_DEVICE_KEYS, add_device_key, find_device_key, make_device_key
from services.registration.commands.tries import (
    CROWD,
    Visitor,
    forgive_tries,
    list_strangers_tries,
    make_pause_refusal,
    take_try,
)
from shared.clock import real_now
from shared.security.allowances import Spent, find_allowances
from shared.settings import settings

ADDRESS = "siti@contoh.test"
HOME, OFFICE = Visitor("home"), Visitor("office")

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture(autouse=True)
def _three_tries(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_LOGIN_TRIES", "3")
    settings.cache_clear()


def exhaust(visitor: Visitor, email: str = ADDRESS) -> int:
    """Fail until no tries are left; how many there were."""
    made = 0
    with suppress(Spent):
        while True:
            take_try(email, visitor)
            made += 1
    return made


@pytest.mark.parametrize("email", [ADDRESS, "nobody@contoh.test"])
def test_after_too_many_failures_one_waits(email: str) -> None:
    assert exhaust(HOME, email) == 3
    with pytest.raises(Spent) as spent:
        take_try(email, HOME)
    refusal = make_pause_refusal(spent.value)
    assert 0 < refusal.details["retry_after"] <= timedelta(minutes=15).total_seconds() + 1
    assert refusal.code == "sign-in-paused"
    assert refusal.params["minutes"] <= 16


def test_somebody_elses_failures_do_not_keep_the_owner_out() -> None:
    exhaust(OFFICE)
    take_try(ADDRESS, HOME)


def test_who_goes_on_failing_waits_longer_each_time() -> None:
    of_both = list_strangers_tries(ADDRESS, "home")[0]
    assert [window.get_expiry() for window in of_both.windows] == [15 * 60, 2 * 3600, 24 * 3600]
    assert [window.amount for window in of_both.windows] == [3, 6, 12]


def test_a_network_that_tries_many_accounts_is_paused() -> None:
    assert sum(exhaust(HOME, f"nobody{number}@contoh.test") for number in range(3 * CROWD)) == 3 * CROWD
    take_try(ADDRESS, OFFICE)


def test_one_stranger_cannot_use_up_the_tries_of_all() -> None:
    """This failure mode means an officer locked out by a single visitor who goes on asking."""
    exhaust(OFFICE)
    for _ in range(500):
        with pytest.raises(Spent):
            take_try(ADDRESS, OFFICE)
    take_try(ADDRESS, HOME)


def test_many_networks_that_try_one_account_are_paused() -> None:
    assert sum(exhaust(Visitor(f"network {number}")) for number in range(20)) == 3 * CROWD
    with pytest.raises(Spent):
        take_try(ADDRESS, Visitor("another"))


def test_a_known_browser_is_not_kept_out_by_strangers() -> None:
    """This failure mode means an officer locked out by 50 wrong logins of somebody else."""
    for number in range(20):
        exhaust(Visitor(f"network {number}"))
    with pytest.raises(Spent):
        take_try(ADDRESS, HOME)
    known = Visitor("home", (make_device_key("budi@contoh.test"), make_device_key(ADDRESS)))
    assert exhaust(known) == 3, "and has a limit of its own"


def test_a_known_browser_is_known_for_its_own_address_alone() -> None:
    key = make_device_key(ADDRESS)
    assert find_device_key(ADDRESS, (key,)) == key
    assert find_device_key("budi@contoh.test", (key,)) is None


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "é.é", "~", "a" * 999, "AAAA." + "0" * 32])
def test_a_forged_key_is_none(forged: str) -> None:
    assert find_device_key(ADDRESS, (forged,)) is None


def test_a_shared_computer_knows_several_people_and_forgets_the_oldest() -> None:
    keys: tuple[str, ...] = ()
    for number in range(MOST_DEVICE_KEYS + 1):
        keys = add_device_key(f"orang{number}@contoh.test", keys)
    assert len(keys) == MOST_DEVICE_KEYS
    assert find_device_key("orang0@contoh.test", keys) is None
    assert find_device_key("orang1@contoh.test", keys)
    assert add_device_key("orang3@contoh.test", keys)[0] in keys, "who is known keeps the key"


def test_a_success_counts_for_nobody_else() -> None:
    for _ in range(3 * CROWD + 1):
        forgive_tries(take_try(ADDRESS, HOME))
    take_try("budi@contoh.test", HOME)


def test_a_success_forgives_the_failures_before_it() -> None:
    for _ in range(3):
        take_try(ADDRESS, HOME)
        take_try(ADDRESS, HOME)
        forgive_tries(take_try(ADDRESS, HOME))


def test_what_is_counted_names_nobody() -> None:
    subjects = [each.subject for each in list_strangers_tries("typed-my-password-here", "home")]
    assert "typed-my" not in str(subjects)
    assert find_allowances()


def test_keys_made_by_the_dozen_bring_no_more_tries_than_strangers_have() -> None:
    """This failure mode means that whoever signed in once with a stolen password guesses the next one for ever."""
    keys = [make_device_key(ADDRESS) for _ in range(40)]
    made = 0
    for key in keys:
        with suppress(Spent):
            for _ in range(3):
                take_try(ADDRESS, Visitor("thief", (key,)))
                made += 1
    assert made <= 3 * CROWD + len(list_strangers_tries(ADDRESS, "thief")) * 3


def test_a_key_ends_after_a_year_and_is_renewed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_device_key(ADDRESS)
    assert add_device_key(ADDRESS, (key,)) == (key,)
    later = real_now() + timedelta(days=31)
    monkeypatch.setattr(devices, "real_now", lambda: later)
    assert find_device_key(ADDRESS, (key,)) == key
    (renewed,) = add_device_key(ADDRESS, (key,))
    assert renewed != key
    assert find_device_key(ADDRESS, (renewed,)) == renewed
    later += timedelta(days=335)
    assert find_device_key(ADDRESS, (key,)) is None
    assert find_device_key(ADDRESS, (renewed,)) == renewed


@pytest.mark.parametrize("key", ["", ".", "x", "x.y.z", "ffffff.a.b", "-1.a.b", "4cb5"])
def test_what_is_no_key_is_none(key: str) -> None:
    assert find_device_key(ADDRESS, (key,)) is None
