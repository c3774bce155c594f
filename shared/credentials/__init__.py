"""Certificates that machines can check: Open Badges 3.0 credentials, the issuer's DID, status lists, QR payloads.

No framework, no database: claims and a key go in, signed text comes out, and the other way round. Only `online` uses
the network, for who asks it to.
"""

from shared.credentials.claims import Claims, Unit, Words
from shared.credentials.keys import CredentialKey, CredentialKeyUnfit, LocalKey, PublicKey, credential_key

ATTACHMENT = "credential.json"
"""The name under which a certificate's PDF carries its credential."""

__all__ = [
    "ATTACHMENT",
    "Claims",
    "CredentialKey",
    "CredentialKeyUnfit",
    "LocalKey",
    "PublicKey",
    "Unit",
    "Words",
    "credential_key",
]
