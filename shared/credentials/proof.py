"""Data integrity proofs with the cryptosuite `eddsa-rdfc-2022` (W3C, Data Integrity EdDSA Cryptosuites 1.0)."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from shared.credentials.keys import CredentialKey, PublicKey
from shared.credentials.multibase import decode_base58, encode_base58
from shared.credentials.quads import canonical_quads, rdf_iri, rdf_literal

SUITE = "eddsa-rdfc-2022"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
SECURITY = "https://w3id.org/security#"


def proof_time(at: datetime) -> str:
    """The moment `at` as credentials write it, in UTC to the second: `2026-11-21T23:40:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_proof(document: bytes, issuer: str, key: CredentialKey, at: datetime) -> dict[str, str]:
    """The proof of a canonical document (N-Quads), made with `key` by `issuer` (a DID) at `at`."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": proof_time(at),
        "verificationMethod": f"{issuer}#{key.id}",
        "proofPurpose": "assertionMethod",
    }
    return {**proof, "proofValue": encode_base58(key.sign(_hashed(proof, document)))}


def proof_holds(document: bytes, proof: dict[str, Any]) -> bool:
    """Whether the proof is of this canonical document, by the key it names.

    Whose key that is, the caller must ask: anybody can prove a document with a key of their own.
    """
    try:
        key = key_of_proof(proof)
        signature = decode_base58(proof["proofValue"])
        return key.signed(signature, _hashed(proof, document))
    except ValueError:
        return False


def key_of_proof(proof: dict[str, Any]) -> PublicKey:
    """The public key that a proof names, read from the name itself. Raises ValueError for no Ed25519 Multikey."""
    return PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2])


def _hashed(proof: dict[str, Any], document: bytes) -> bytes:
    """What is signed: the hash of the proof without its value, then that of the document (64 bytes)."""
    options = canonical_quads(
        [
            ("_:proof", TYPE, f"<{SECURITY}DataIntegrityProof>"),
            ("_:proof", "<http://purl.org/dc/terms/created>", rdf_literal(proof["created"], DATE_TIME)),
            ("_:proof", f"<{SECURITY}cryptosuite>", rdf_literal(SUITE, f"{SECURITY}cryptosuiteString")),
            ("_:proof", f"<{SECURITY}proofPurpose>", f"<{SECURITY}assertionMethod>"),
            ("_:proof", f"<{SECURITY}verificationMethod>", rdf_iri(proof["verificationMethod"])),
        ]
    )
    return hashlib.sha256(options).digest() + hashlib.sha256(document).digest()
