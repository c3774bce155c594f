import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.credentials.multibase import decode_base58, decode_base64url, encode_base58, encode_base64url


@given(st.binary(max_size=80))
def test_what_was_written_is_read_back(data: bytes) -> None:
    assert decode_base58(encode_base58(data)) == data
    assert decode_base64url(encode_base64url(data)) == data


def test_base58_is_that_of_everybody_else() -> None:
    """From the multibase registry's own examples."""
    assert encode_base58(b"yes mani !") == "z7paNL19xttacUY"
    assert encode_base58(b"\0\0yes mani !") == "z117paNL19xttacUY"


def test_base64url_is_that_of_everybody_else() -> None:
    data = bytes(range(200, 256))
    assert encode_base64url(data) == "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize("text", ["", "7paNL", "z0OIl", "zabc+", "z é"])
def test_what_is_not_base58_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base58"):
        decode_base58(text)


@pytest.mark.parametrize("text", ["", "abc", "u+/+/", "uA", "uAB\n"])
def test_what_is_not_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        decode_base64url(text)
