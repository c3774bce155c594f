"""The history of one person's certificates."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from services.surveillance.domain.chain import join_chains


@dataclass(frozen=True)
class Held:
    number: str
    renews: str | None = None


def test_certificates_that_follow_each_other_are_one_chain() -> None:
    first, second, third = Held("1"), Held("2", "1"), Held("3", "2")
    assert join_chains([third, first, second]) == [[first, second, third]]


def test_certificates_of_different_schemes_are_chains_of_their_own() -> None:
    assert join_chains([Held("1"), Held("2")]) == [[Held("1")], [Held("2")]]


def test_one_that_renews_an_unknown_certificate_begins_a_chain() -> None:
    assert join_chains([Held("2", "1")]) == [[Held("2", "1")]]


def test_a_circle_is_cut() -> None:
    assert [len(chain) for chain in join_chains([Held("1", "2"), Held("2", "1")])] == [2]


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=1), st.none() | st.text("abcdef", min_size=1, max_size=1))
)
def test_every_certificate_stands_in_one_chain_once(links: dict[str, str | None]) -> None:
    held = [Held(number, renews) for number, renews in links.items()]
    joined = [certificate for chain in join_chains(held) for certificate in chain]
    assert sorted(one.number for one in joined) == sorted(links)
