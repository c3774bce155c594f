"""What a browser is asked for when a passkey is made or shown, as JSON for `navigator.credentials`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from webauthn import base64url_to_bytes, generate_authentication_options, generate_registration_options
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.registration.domain.passkeys import ALGORITHMS
from services.registration.domain.relying_party import RelyingParty

CHALLENGE_LIFE = timedelta(minutes=5)
"""How long one may take between pressing the button and showing a finger; the browser is told so, too."""
CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """A passkey as a browser is reminded of it: `transports` joined by commas."""

    credential_id: str
    transports: str


@dataclass(frozen=True, slots=True)
class PasskeyOwner:
    """Whom an authenticator shows a passkey for: `handle` is random, the names are shown to their owner alone."""

    handle: bytes
    email: str
    name: str


def describe_creation(
    party: RelyingParty, site: str, owner: PasskeyOwner, challenge: bytes, known: Iterable[KnownPasskey]
) -> dict[str, Any]:
    """How a passkey is to be made: in an authenticator that holds none of the `known` ones.

    It may be one that is synced and found without its id, so that a lost phone loses nothing.
    """
    wanted = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=site,
        user_id=owner.handle,
        user_name=owner.email,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=_milliseconds(CHALLENGE_LIFE),
        authenticator_selection=wanted,
        exclude_credentials=_describe(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def describe_request(party: RelyingParty, challenge: bytes, known: Iterable[KnownPasskey]) -> dict[str, Any]:
    """Which passkeys may be shown: the account's own."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_milliseconds(CHALLENGE_LIFE),
        allow_credentials=_describe(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def _describe(known: Iterable[KnownPasskey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential_id),
            transports=[AuthenticatorTransport(way) for way in one.transports.split(",") if way] or None,
        )
        for one in known
    ]


def _milliseconds(life: timedelta) -> int:
    return int(life.total_seconds() * 1000)
