import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import NotSignedIn
from shared.security.actor import Actor
from shared.security.keys import PRIVATE, PUBLIC
from shared.security.roles import Role
from shared.security.token_keys import token_private_key
from shared.security.tokens import issue_token, verify_token
from shared.settings import settings
from tests.clock import stopped_at

CHAIR = Actor(UUID(int=7), "Ketua LSP (contoh)", "ketua@contoh.test", frozenset({Role.CHAIR}))


def claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "sub": str(uuid4()),
        "name": "Contoh",
        "email": "a@contoh.test",
        "roles": ["applicant"],
        "lang": "id",
        "csrf": "x",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "iss": "kompeten",
        "aud": "kompeten",
        **changes,
    }


def test_a_token_says_who_it_was_issued_to(data_dir: Path) -> None:
    token = issue_token(CHAIR, "en")
    seen = verify_token(token.value)
    assert seen.actor == CHAIR
    assert (seen.language, seen.csrf, seen.expires_at) == ("en", token.csrf, token.expires_at)


def test_a_renewed_token_keeps_the_secret_of_the_forms(data_dir: Path) -> None:
    first = issue_token(CHAIR, "id")
    assert issue_token(CHAIR, "id", first.csrf).csrf == first.csrf


def test_the_public_key_alone_verifies(data_dir: Path, tmp_path: Path) -> None:
    token = issue_token(CHAIR, "id")
    (data_dir / "keys" / PRIVATE).unlink()
    assert verify_token(token.value).actor == CHAIR


def test_the_life_of_a_token_is_a_setting(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_TOKEN_MINUTES", "3")
    settings.cache_clear()
    at = datetime.now(UTC).replace(microsecond=0)
    with stopped_at(at):
        assert issue_token(CHAIR, "id").expires_at == at + timedelta(minutes=3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": datetime.now(UTC) - timedelta(minutes=1)},
        {"iat": datetime.now(UTC) + timedelta(hours=1)},
        {"iss": "somebody"},
        {"aud": "somebody"},
        {"sub": "not-a-uuid"},
        {"roles": ["emperor"]},
        {"roles": None},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(data_dir: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        verify_token(jwt.encode(claims(**wrong), token_private_key(), algorithm="EdDSA"))


@pytest.mark.parametrize("missing", ["sub", "name", "email", "roles", "lang", "csrf", "iat", "exp", "iss", "aud"])
def test_a_token_without_one_of_its_claims_is_refused(data_dir: Path, missing: str) -> None:
    short = claims()
    del short[missing]
    with pytest.raises(NotSignedIn):
        verify_token(jwt.encode(short, token_private_key(), algorithm="EdDSA"))


def test_a_token_signed_by_somebody_else_is_refused(data_dir: Path) -> None:
    with pytest.raises(NotSignedIn):
        verify_token(jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"))


def test_another_algorithm_is_refused_even_with_the_public_key_as_its_secret(data_dir: Path) -> None:
    """The classic confusion: the public key, known to all, used as the secret of a symmetric signature."""
    import hashlib
    import hmac

    secret = (data_dir / "keys" / PUBLIC).read_bytes()
    body = claims(iat=int(datetime.now(UTC).timestamp()), exp=int(datetime.now(UTC).timestamp()) + 300)
    parts = [_part({"alg": "HS256", "typ": "JWT"}), _part(body)]
    signature = hmac.new(secret, ".".join(parts).encode(), hashlib.sha256).digest()
    with pytest.raises(NotSignedIn):
        verify_token(".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()]))


def test_an_unsigned_token_is_refused(data_dir: Path) -> None:
    with pytest.raises(NotSignedIn):
        verify_token(jwt.encode(claims(), "", algorithm="none"))


def test_a_changed_token_is_refused(data_dir: Path) -> None:
    head, body, signature = issue_token(CHAIR, "id").value.split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=="))
    told["roles"] = ["administrator"]
    with pytest.raises(NotSignedIn):
        verify_token(".".join([head, _part(told), signature]))


@pytest.mark.parametrize("rubbish", ["", "a.b.c", "…", "null", "a" * 10_000])
def test_rubbish_is_refused(data_dir: Path, rubbish: str) -> None:
    with pytest.raises(NotSignedIn):
        verify_token(rubbish)


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
