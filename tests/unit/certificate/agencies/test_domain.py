"""Names, keys, signatures, pauses and addresses."""

import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.certificate.agencies import domain
from shared.errors import Invalid

BODY = '{"data":{"holder_name":"SITI CONTOH — Ñ"}}'.encode()


def headers(signature: str, timestamp: int) -> dict[str, str]:
    return {"webhook-id": "msg-1", "webhook-timestamp": str(timestamp), "webhook-signature": signature}


def test_a_signature_is_one_the_official_library_verifies() -> None:
    secret, now = domain.make_webhook_secret(), int(time.time())
    signed = headers(domain.sign_webhook([secret], "msg-1", now, BODY), now)
    assert Webhook(secret).verify(BODY, signed) == {"data": {"holder_name": "SITI CONTOH — Ñ"}}


def test_what_was_altered_is_refused_by_it() -> None:
    secret, now = domain.make_webhook_secret(), int(time.time())
    signed = headers(domain.sign_webhook([secret], "msg-1", now, BODY), now)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY.replace(b"SITI", b"BUDI"), signed)
    with pytest.raises(WebhookVerificationError):
        Webhook(domain.make_webhook_secret()).verify(BODY, signed)


def test_while_a_secret_is_rotated_both_verify() -> None:
    newer, earlier, now = domain.make_webhook_secret(), domain.make_webhook_secret(), int(time.time())
    signed = headers(domain.sign_webhook([newer, earlier], "msg-1", now, BODY), now)
    assert Webhook(newer).verify(BODY, signed) == Webhook(earlier).verify(BODY, signed)


def test_a_pause_doubles_up_to_the_longest_and_is_never_quite_the_same() -> None:
    for tries, full in ((1, 5), (2, 10), (3, 20), (20, 3600), (10_000, 3600)):
        pauses = [domain.choose_pause(tries, 5, 3600).total_seconds() for _ in range(50)]
        assert all(0.75 * full <= pause <= 1.25 * full for pause in pauses)
        assert len(set(pauses)) > 1


def test_it_is_given_up_after_the_days_and_not_before() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert not domain.is_given_up(since, since + timedelta(days=4.99), 5)
    assert domain.is_given_up(since, since + timedelta(days=5), 5)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_are_outside(address: str) -> None:
    assert domain.is_public_address(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "fec0::1",
        "64:ff9b:1::a00:1",
        "::7f00:1",
        "::ffff:0:a00:1",
        "5f00::1",
        "3fff::1",
        "192.0.0.8",
        "192.88.99.1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_everything_else_is_inside(address: str) -> None:
    assert not domain.is_public_address(ip_address(address))


@pytest.mark.parametrize(
    "url", ["https://hook.contoh.test/x?y=1", "https://hook.contoh.test:8443/", "https://8.8.8.8/"]
)
def test_a_webhook_is_an_https_address_outside(url: str) -> None:
    assert domain.check_webhook_address(url, trial=False) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.contoh.test/",
        "https://user:secret@hook.contoh.test/",
        "https://hook.contoh.test/#part",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https:///nowhere",
        "https://hook.contoh.test:0/",
        "https://hook.contoh.test:99999/",
        "https://hook.contoh.test/a b",
        "ftp://hook.contoh.test/",
        "file:///etc/passwd",
        "//hook.contoh.test/",
        "https://höok.contoh.test/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        domain.check_webhook_address(url, trial=False)
    assert "webhook_url" in refused.value.fields


def test_a_trial_may_use_its_own_machine() -> None:
    assert domain.check_webhook_address("http://127.0.0.1:9000/x", trial=True)
