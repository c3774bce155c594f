"""What a browser answers about a passkey, and what of it is believed (W3C Web Authentication, level 2, 7.1 and 7.2).

The answers are strangers' bytes until a signature has been checked: sizes and shapes are bounded before the library
`webauthn` reads them, and whatever it stumbles over is an answer that is not genuine.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
    parse_cbor,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSECRV, COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedRSAPublicKey
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from services.registration.domain.cbor_shape import refuse_strange_cbor
from services.registration.domain.relying_party import RelyingParty

MOST_PASSKEYS = 10
LONGEST_NAME = 60
LONGEST_ANSWER = 16_000
"""Characters of an answer as JSON; real ones have 500 to 3,000."""
LONGEST_ID = 1364
"""Base64url of the 1,023 bytes that a credential id may have."""
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""ES256 is what phones and keys use, EdDSA some keys, RS256 the TPM of older Windows machines."""
RSA_BITS = range(2048, 4097)
RSA_EXPONENT = 65537
TRANSPORTS = frozenset({"ble", "hybrid", "internal", "nfc", "smart-card", "usb"})
HEAD_BYTES = 37
"""Hash of the relying party, flags, counter: what authenticator data begins with; with ATTESTED a key follows."""
FLAGS_AT = 32
ATTESTED = 0x40
ID_LENGTH_AT = 53

Encoded = Annotated[str, Field(min_length=1, max_length=12_000, pattern=r"^[A-Za-z0-9_-]+$")]


class NotGenuine(ValueError):
    """An answer that no authenticator gave to this question, or that nobody can read."""


class CreatedAnswer(BaseModel):
    """What a browser tells of a passkey that was made; bytes are base64url."""

    model_config = ConfigDict(strict=True)

    id: Annotated[Encoded, Field(max_length=LONGEST_ID)]
    client_data: Encoded = Field(alias="clientDataJSON")
    attestation: Encoded = Field(alias="attestationObject")
    transports: list[str] = Field([], max_length=20)


class ShownAnswer(BaseModel):
    """What a browser tells of a passkey that was shown; bytes are base64url."""

    model_config = ConfigDict(strict=True)

    id: Annotated[Encoded, Field(max_length=LONGEST_ID)]
    client_data: Encoded = Field(alias="clientDataJSON")
    authenticator_data: Encoded = Field(alias="authenticatorData")
    signature: Encoded
    user_handle: str = Field("", alias="userHandle", max_length=100, pattern=r"^[A-Za-z0-9_-]*$")


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A passkey that was made just now, for this site: `public_key` in COSE's form, `transports` joined by commas."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: str


def read_created(text: str) -> CreatedAnswer:
    """What a form brought, as JSON, about a passkey that was made. Raises NotGenuine for anything else."""
    with _only_not_genuine():
        return CreatedAnswer.model_validate_json(text)


def read_shown(text: str) -> ShownAnswer:
    """What a form brought, as JSON, about a passkey that was shown. Raises NotGenuine for anything else."""
    with _only_not_genuine():
        return ShownAnswer.model_validate_json(text)


def check_created(answer: CreatedAnswer, challenge: bytes, party: RelyingParty) -> MadeKey:
    """The passkey that was made for this challenge and site, its owner having shown a finger, face or PIN.

    The attestation (who built the authenticator) is thrown away unread: nobody here is asked for a certain make, and
    certificates of strangers would be parsed for nothing. Raises NotGenuine.
    """
    with _only_not_genuine():
        client_data, known = _decoded(answer.client_data), _decoded(answer.id)
        _refuse_framed(client_data)
        found = verify_registration_response(
            credential=RegistrationCredential(
                id=encode_base64url(known),
                raw_id=known,
                response=AuthenticatorAttestationResponse(client_data, _without_attestation(answer.attestation)),
            ),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        if found.credential_id != known:
            raise NotGenuine("the id is not the one in the authenticator's data")
        _refuse_weak_key(found.credential_public_key)
    told = sorted(TRANSPORTS.intersection(answer.transports))
    return MadeKey(encode_base64url(known), found.credential_public_key, found.sign_count, ",".join(told))


def check_shown(answer: ShownAnswer, challenge: bytes, party: RelyingParty, public_key: bytes) -> int:
    """How often the passkey of `public_key` says it was used, if it signed this challenge for this site just now.

    What that number means is the caller's to judge: here the signature alone counts. Raises NotGenuine.
    """
    with _only_not_genuine():
        client_data, data = _decoded(answer.client_data), _decoded(answer.authenticator_data)
        _refuse_framed(client_data)
        _refuse_strange_data(data)
        known = _decoded(answer.id)
        found = verify_authentication_response(
            credential=AuthenticationCredential(
                id=encode_base64url(known),
                raw_id=known,
                response=AuthenticatorAssertionResponse(client_data, data, _decoded(answer.signature)),
            ),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            # The library would compare counters before the signature: anybody could then claim a clone.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    return found.new_sign_count


def is_clone(kept: int, told: int) -> bool:
    """Whether a counter stands still or goes back: two devices hold the key. Synced ones always tell 0 (7.2, 21)."""
    return max(kept, told) > 0 and told <= kept


def encode_base64url(data: bytes) -> str:
    """The bytes as browsers write them: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def normalise_credential_id(answer: ShownAnswer) -> str:
    """The credential's id in the one form in which it is kept. Raises NotGenuine."""
    with _only_not_genuine():
        return encode_base64url(_decoded(answer.id))


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _refuse_framed(client_data: bytes) -> None:
    """A page of another site that has ours in a frame is no place to show a passkey."""
    if parse_client_data_json(client_data).cross_origin:
        raise NotGenuine("asked for in a frame of another site")


def _refuse_strange_data(data: bytes) -> None:
    start = HEAD_BYTES
    if len(data) > HEAD_BYTES and data[FLAGS_AT] & ATTESTED:
        length = int.from_bytes(data[ID_LENGTH_AT : ID_LENGTH_AT + 2], "big")
        start = ID_LENGTH_AT + 2 + length
    refuse_strange_cbor(data, start)


def _without_attestation(sent: str) -> bytes:
    """The attestation object as browsers send it where none is wanted (7.1; 5.4.7, `none`)."""
    sealed = _decoded(sent)
    refuse_strange_cbor(sealed)
    found: Any = parse_cbor(sealed)
    data = found["authData"]
    _refuse_strange_data(data)
    return encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})


def _refuse_weak_key(cose: bytes) -> None:
    """The library asks for the algorithm alone, and reads the key at the first sign-in only: too late for its owner."""
    key = decode_credential_public_key(cose)
    if isinstance(key, DecodedEC2PublicKey) and key.crv != COSECRV.P256:
        raise NotGenuine("another curve than P-256")
    if isinstance(key, DecodedRSAPublicKey):
        bits, exponent = int.from_bytes(key.n, "big").bit_length(), int.from_bytes(key.e, "big")
        if bits not in RSA_BITS or exponent != RSA_EXPONENT:
            raise NotGenuine("an RSA key of another size or exponent")
    decoded_public_key_to_cryptography(key)


@contextmanager
def _only_not_genuine() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Hostile bytes raise whatever the libraries below did not think of; none of it may be a fault of ours.
        raise NotGenuine(str(error)) from error
