"""Addresses of the internet protocol, out of text that anybody may have written."""

from ipaddress import IPv4Address, IPv6Address, ip_address


def parse_ip_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that the text is, IPv6 without brackets; none where it is anything else, such as a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None
