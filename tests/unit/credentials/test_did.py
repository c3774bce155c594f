import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.credentials import LocalKey, did
from shared.documents.authority import CHAIN

ME = "did:web:lsp.contoh.test:certificate"


@pytest.mark.parametrize(
    ("base", "issuer"),
    [
        ("https://lsp.contoh.test/certificate", ME),
        ("http://127.0.0.1:8000/certificate", "did:web:127.0.0.1%3A8000:certificate"),
    ],
)
def test_an_issuer_is_named_by_its_address(base: str, issuer: str) -> None:
    assert did.did_of(base) == issuer
    assert did.address_of_did(issuer, base.partition(":")[0]) == base


@pytest.mark.parametrize("issuer", ["", "did:web:", "did:key:z6Mk", "did:web:a::b"])
def test_other_names_are_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="did:web"):
        did.address_of_did(issuer)


def test_old_keys_stay_in_the_document(key: LocalKey, authority: Path) -> None:
    """Roll-over: what the old key signed stays checkable for ever."""
    newer = LocalKey(Ed25519PrivateKey.generate())
    signer = x509.load_pem_x509_certificate((authority / CHAIN).read_bytes())
    issuer = did.read_did_document(json.dumps(did.did_document(ME, [newer.id, key.id], [signer])))
    assert issuer.id == ME
    assert set(issuer.keys) == {newer.id, key.id}
    assert issuer.signers == {did.certificate_thumbprint(signer)}
    assert issuer.keys[key.id].signed(key.sign(b"lama"), b"lama")


def test_a_key_taken_out_of_the_assertions_is_not_believed(key: LocalKey) -> None:
    content = did.did_document(ME, [key.id])
    content["assertionMethod"] = []
    assert did.read_did_document(json.dumps(content)).keys == {}


def test_a_key_that_somebody_else_controls_is_not_believed(key: LocalKey) -> None:
    content = did.did_document(ME, [key.id])
    content["verificationMethod"][0]["controller"] = "did:web:palsu.test"
    assert did.read_did_document(json.dumps(content)).keys == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"id": 1, "assertionMethod": 1, "verificationMethod": 1}', "[" * 100_000]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a DID document"):
        did.read_did_document(text)
