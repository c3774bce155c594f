"""What is counted as one asker, whatever a proxy calls the other end."""

import pytest

from shared.web.proxies import household_of


@pytest.mark.parametrize(
    ("address", "household"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:4711", "192.0.2.1"),
        ("", ""),
        ("unknown", "unknown"),
        ("192.0.2.1:4711:4712", "192.0.2.1"),
        ("[", "["),
        ("x" * 100, "x" * 64),
    ],
)
def test_an_asker_is_the_same_whatever_port_a_proxy_names(address: str, household: str) -> None:
    """This failure mode means a new allowance for each connection, behind a proxy that names ports."""
    assert household_of(address) == household
