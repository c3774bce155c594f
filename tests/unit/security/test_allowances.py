from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from shared.security.allowances import Allowance, Allowances, Spent, find_allowances

THREE = Allowance("tries", "3/15 minutes", ("siti",))


@pytest.fixture
def counters() -> Allowances:
    return Allowances()


def count(counters: Allowances, *wanted: Allowance, tries: int = 20) -> int:
    """How many of `tries` are let through."""
    through = 0
    for _ in range(tries):
        try:
            counters.take(*wanted)
        except Spent:
            continue
        through += 1
    return through


def test_an_allowance_ends_and_says_when_it_begins_anew(counters: Allowances) -> None:
    assert count(counters, THREE) == 3
    with pytest.raises(Spent) as spent:
        counters.take(THREE)
    assert spent.value.allowance == THREE
    assert 0 < spent.value.retry_after <= 15 * 60 + 1


def test_everybody_has_their_own(counters: Allowances) -> None:
    count(counters, THREE)
    counters.take(Allowance("tries", THREE.rates, ("budi",)))


def test_of_several_rates_each_holds(counters: Allowances) -> None:
    assert count(counters, Allowance("tries", "3/15 minutes; 5/2 hours", ("siti",))) == 3
    assert count(counters, Allowance("tries", "9/15 minutes; 5/2 hours", ("budi",))) == 5


def test_what_was_refused_uses_nothing_up(counters: Allowances) -> None:
    """This failure mode means a stranger who closes a door for all by knocking where it is closed for him."""
    of_all = Allowance("tries of all", "5/hour")
    assert count(counters, THREE, of_all, tries=100) == 3
    assert count(counters, of_all) == 2
    of_another = Allowance("tries", THREE.rates, ("budi",))
    assert count(counters, of_another, of_all, tries=100) == 0
    assert count(counters, of_another) == 3


def test_what_was_given_back_can_be_used_again(counters: Allowances) -> None:
    for _ in range(20):
        counters.take(THREE)
        counters.give_back(THREE)
    assert count(counters, THREE) == 3


def test_forgetting_begins_anew(counters: Allowances) -> None:
    count(counters, THREE)
    counters.forget(THREE)
    assert count(counters, THREE) == 3


def test_looking_uses_nothing(counters: Allowances) -> None:
    for _ in range(20):
        counters.check(THREE)
    count(counters, THREE)
    with pytest.raises(Spent):
        counters.check(THREE)


def test_threads_that_come_first_at_once_count_in_the_same_memory() -> None:
    together = Barrier(8, timeout=20)

    def come(_: int) -> int:
        together.wait()
        return count(find_allowances(), THREE)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come, range(8))) == 3
