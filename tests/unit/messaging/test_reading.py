"""Who signed a message, and what is done with one that nobody signed."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.clock import real_now
from shared.messaging.reading import identify_signer
from shared.messaging.signing import HEADER, NotGenuine, sign_events
from shared.settings import settings

KEY = "id.kompeten.decision.contoh.v1"


def arrived(body: bytes | str, headers: Any = None, exchange: str = "kompeten.events") -> Any:
    return SimpleNamespace(body=body, headers=headers, delivery_info={"exchange": exchange, "routing_key": KEY})


def test_what_is_signed_comes_with_its_signer_and_its_routing_key() -> None:
    (signature,) = sign_events("decision", [b"told"])
    received = identify_signer(arrived("told", {HEADER: signature}))
    assert (received.body, received.signer, received.routing_key) == (b"told", "decision", KEY)
    assert identify_signer(arrived(b"told", {HEADER: signature}, exchange="")).routing_key is None


@pytest.mark.parametrize("headers", [None, {}, {HEADER: None}, {HEADER: 5}, {HEADER: b"x"}, {HEADER: ["x"]}])
def test_what_nobody_signed_is_refused(headers: Any) -> None:
    with pytest.raises(NotGenuine, match="nobody"):
        identify_signer(arrived(b"told", headers))


def test_during_an_update_unsigned_events_are_let_in_until_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    for hours, let_in in ((1, True), (-1, False)):
        monkeypatch.setenv("KOMPETEN_UNSIGNED_EVENTS_UNTIL", (real_now() + timedelta(hours=hours)).isoformat())
        settings.cache_clear()
        if let_in:
            assert identify_signer(arrived(b"told")).signer is None
        else:
            with pytest.raises(NotGenuine):
                identify_signer(arrived(b"told"))
    settings.cache_clear()
