"""Access tokens: JWT signed with Ed25519, short-lived, verified by every service with the public key alone.

Times here are the real ones, never the trial clock: a trial that moves its clock by a year must not sign everybody
out, nor let an old token live again.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.clock import real_now
from shared.errors import N_, NotSignedIn
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.security.token_keys import token_private_key, token_public_keys
from shared.settings import settings

ALGORITHM = "EdDSA"
PARTY = "kompeten"
LEEWAY = timedelta(seconds=5)
"""How far the clocks of two services may differ."""
REQUIRED = ("sub", "name", "email", "roles", "lang", "csrf", "gen", "iat", "exp", "iss", "aud")


@dataclass(frozen=True, slots=True)
class Token:
    """A signed access token, when it ends, and the secret that forms sent with it must repeat."""

    value: str
    expires_at: datetime
    csrf: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says: who it is for, the language of the pages, and the secret that forms must repeat."""

    actor: Actor
    language: str
    csrf: str
    expires_at: datetime
    generation: int


def issue_token(actor: Actor, language: str, csrf: str | None = None, *, generation: int = 0) -> Token:
    """A signed token for `actor`, valid for `token_minutes`, unless the account's generation is raised before.

    A session passes its `csrf` on to the next token, so that a form opened before the renewal still goes through.
    """
    issued = real_now().replace(microsecond=0)  # tokens hold whole seconds: `expires_at` must be what they say
    expires = issued + timedelta(minutes=settings().token_minutes)
    csrf = csrf or secrets.token_urlsafe(24)
    claims = {
        "sub": str(actor.id),
        "name": actor.name,
        "email": actor.email,
        "roles": sorted(role.value for role in actor.roles),
        "lang": language,
        "csrf": csrf,
        "gen": generation,
        "iat": issued,
        "exp": expires,
        "iss": PARTY,
        "aud": PARTY,
    }
    return Token(jwt.encode(claims, token_private_key(), algorithm=ALGORITHM), expires, csrf)


def verify_token(value: str) -> Claims:
    """What the token says. Raises NotSignedIn when it is not signed by us, lacks a claim, or has expired."""
    try:
        claims = _read_claims(value)
        return Claims(
            actor=Actor(
                id=UUID(claims["sub"]),
                name=str(claims["name"]),
                email=str(claims["email"]),
                roles=frozenset(Role(role) for role in claims["roles"]),
            ),
            language=str(claims["lang"]),
            csrf=str(claims["csrf"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            generation=int(claims["gen"]),
        )
    except jwt.ExpiredSignatureError as error:
        raise NotSignedIn("token-expired", N_("Masa masuk Anda telah habis. Silakan masuk kembali.")) from error
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise NotSignedIn("token-invalid", N_("Tanda masuk tidak sah. Silakan masuk kembali.")) from error


def _read_claims(value: str) -> dict[str, Any]:
    """The claims of a token that one of the known keys has signed. Raises what `jwt.decode` does."""
    *others, last = token_public_keys()
    for key in others:
        try:
            return _decode(value, key)
        except jwt.InvalidSignatureError:
            continue
    return _decode(value, last)


def _decode(value: str, key: Ed25519PublicKey) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        value,
        key,
        algorithms=[ALGORITHM],
        audience=PARTY,
        issuer=PARTY,
        leeway=LEEWAY,
        options={"require": list(REQUIRED)},
    )
    return claims
