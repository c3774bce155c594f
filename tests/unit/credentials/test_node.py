"""What others make of our credentials: Digital Bazaar's verifier in Node.js, with contexts from its own packages."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.credentials import Claims, LocalKey, badge, did, statuslist
from shared.credentials.statuslist import Purpose
from shared.documents.authority import CHAIN
from tests.node import HERE, run

NOW = datetime.now(UTC)
"""What Digital Bazaar's status check goes by."""


@pytest.fixture(scope="module")
def claims(claims: Claims) -> Claims:
    """Issued yesterday."""
    return replace(claims, issued_on=NOW.date() - timedelta(days=1), expires_on=NOW.date() + timedelta(days=1000))


@pytest.fixture(scope="module")
def credential(claims: Claims, key: LocalKey) -> str:
    return badge.issue_badge(claims, key, NOW)


@pytest.fixture
def document(claims: Claims, key: LocalKey, authority: Path) -> dict[str, Any]:
    """Of an issuer that has changed its key once."""
    newer = LocalKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
    signer = x509.load_pem_x509_certificate((authority / CHAIN).read_bytes())
    return did.did_document(did.did_of(claims.base), [newer.id, key.id], [signer])


def lists(claims: Claims, key: LocalKey, *purposes: Purpose) -> dict[str, Any]:
    """Both lists, with the bit of the claims set in those of `purposes`."""
    number, bit = statuslist.place_of_version(claims.status_index)
    return {
        statuslist.status_list_address(claims.base, number, purpose): json.loads(
            statuslist.issue_status_list(
                claims.base,
                number,
                purpose,
                [bit] if purpose in purposes else [],
                key,
                NOW - timedelta(minutes=5),
                NOW + timedelta(hours=1),
            )
        )
        for purpose in Purpose
    }


def verdict(credential: str | dict[str, Any], document: dict[str, Any], found: dict[str, Any]) -> Any:
    content = json.loads(credential) if isinstance(credential, str) else credential
    given = {"credential": content, "did": document, "lists": found}
    return run(HERE / "verify_credential.mjs", given=json.dumps(given))


@pytest.mark.parametrize("set_", [(), (Purpose.SUSPENSION,), (Purpose.REVOCATION,), tuple(Purpose)])
def test_it_is_verified_and_its_status_is_read(
    credential: str, document: dict[str, Any], claims: Claims, key: LocalKey, set_: tuple[Purpose, ...]
) -> None:
    assert verdict(credential, document, lists(claims, key, *set_)) == {
        "verified": True,
        "status": {purpose.value: purpose in set_ for purpose in Purpose},
        "errors": [],
    }


def test_a_name_with_everything_in_it_is_verified(document: dict[str, Any], claims: Claims, key: LocalKey) -> None:
    name = 'D\'Artagnan "Åsa" \\n \\u0041 <b>&amp;</b> 🦋 @id\n\t\r {"a": 1} _:c14n0 .'
    hostile = badge.issue_badge(replace(claims, holder_name=name), key, NOW)
    assert verdict(hostile, document, lists(claims, key))["verified"] is True


def test_an_altered_one_is_not(credential: str, document: dict[str, Any], claims: Claims, key: LocalKey) -> None:
    content = json.loads(credential)
    content["credentialSubject"]["identifier"][0]["identityHash"] = "ORANG LAIN"
    told = verdict(content, document, lists(claims, key))
    assert told["verified"] is False
    assert "Invalid signature" in "".join(told["errors"])


def test_one_whose_key_the_issuer_does_not_list_is_not(
    credential: str, document: dict[str, Any], claims: Claims, key: LocalKey
) -> None:
    document["verificationMethod"] = [m for m in document["verificationMethod"] if not m["id"].endswith(key.id)]
    found = lists(claims, LocalKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))))
    assert verdict(credential, document, found)["verified"] is False


def test_an_altered_list_is_not_believed(
    credential: str, document: dict[str, Any], claims: Claims, key: LocalKey
) -> None:
    found = lists(claims, key, Purpose.REVOCATION)
    for list_ in found.values():
        list_["credentialSubject"]["encodedList"] = statuslist.encode_bits([])
    told = verdict(credential, document, found)
    assert told["verified"] is False
    assert "not verified" in "".join(told["errors"])
