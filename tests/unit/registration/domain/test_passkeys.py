"""What is believed of a browser's answer about a passkey, and that nothing else in its bytes does any harm."""

import json
import secrets
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.cbor_shape import refuse_strange_cbor
from services.registration.domain.passkey_options import (
    KnownPasskey,
    PasskeyOwner,
    describe_creation,
    describe_request,
)
from services.registration.domain.passkeys import (
    MadeKey,
    NotGenuine,
    check_created,
    check_shown,
    is_clone,
    read_created,
    read_shown,
)
from services.registration.domain.relying_party import RelyingParty, find_relying_party
from tests.unit.registration.authenticator import ORIGIN, PARTY, PRESENT, VERIFIED, Authenticator, cose, encoded

SITE = RelyingParty(PARTY, ORIGIN)
CHALLENGE = secrets.token_bytes(32)
OPTIONS = {"challenge": encoded(CHALLENGE)}
RSA_KEY = rsa.generate_private_key(65537, 2048)


def made(authenticator: Authenticator, **more: Any) -> MadeKey:
    return check_created(read_created(authenticator.make(OPTIONS, **more)), CHALLENGE, SITE)


def shown(authenticator: Authenticator, public_key: bytes, **more: Any) -> int:
    return check_shown(read_shown(authenticator.show(OPTIONS, **more)), CHALLENGE, SITE, public_key)


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate(), RSA_KEY],
    ids=["ES256", "EdDSA", "RS256"],
)
def test_a_passkey_of_each_kept_algorithm_is_made_and_shown(key: Any) -> None:
    one = Authenticator(key, count=7)
    key_made = made(one)
    assert (key_made.credential_id, key_made.sign_count) == (encoded(one.credential_id), 7)
    assert key_made.transports == "hybrid,internal"
    assert shown(one, key_made.public_key) == 8


def test_who_built_the_authenticator_is_not_asked_and_not_read() -> None:
    """Certificates of strangers would be parsed for nothing: a broken statement does no harm, and none is kept."""
    packed = Authenticator(format="packed", statement={"alg": -7, "sig": b"none", "x5c": [b"no certificate"]})
    assert made(packed).credential_id
    assert made(Authenticator(format="unheard-of")).credential_id


LIES: dict[str, dict[str, Any]] = {
    "another site": {"origin": "http://localhost:8001"},
    "a look-alike": {"origin": "http://localhost:8000.evil.test"},
    "another relying party": {"party": "evil.test"},
    "nobody there": {"flags": VERIFIED},
    "no finger, face or PIN": {"flags": PRESENT},
    "in a frame": {"client": {"crossOrigin": True}},
    "another challenge": {"client": {"challenge": encoded(bytes(32))}},
    "no challenge": {"client": {"challenge": ""}},
    "a challenge that is none": {"client": {"challenge": [1]}},
    "another question": {"client": {"type": "payment.get"}},
    "origin of another type": {"client": {"origin": {"a": [1]}}},
    "backed up and cannot be": {"flags": PRESENT | VERIFIED | 0x10},
    "extensions that are none": {"flags": PRESENT | VERIFIED | 0x80},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_passkey_is_not_made_with(lie: str) -> None:
    with pytest.raises(NotGenuine):
        made(Authenticator(**LIES[lie]))


@pytest.mark.parametrize("lie", LIES)
def test_a_passkey_is_not_shown_with(lie: str) -> None:
    one = Authenticator()
    public_key = made(one).public_key
    with pytest.raises(NotGenuine):
        shown(Authenticator(one.key, **LIES[lie]), public_key)


def test_an_answer_to_one_question_is_none_to_the_other() -> None:
    one = Authenticator()
    public_key = made(one).public_key
    with pytest.raises(NotGenuine):
        shown(Authenticator(one.key, client={"type": "webauthn.create"}), public_key)
    with pytest.raises(NotGenuine):
        made(Authenticator(client={"type": "webauthn.get"}))


def test_the_signature_is_looked_at() -> None:
    public_key = made(Authenticator()).public_key
    with pytest.raises(NotGenuine):
        shown(Authenticator(), public_key)
    for broken in ("AA", encoded(bytes(72)), encoded(b"x" * 5000)):
        with pytest.raises(NotGenuine):
            shown(Authenticator(), public_key, signature=broken)


def test_the_counter_is_judged_after_the_signature() -> None:
    """This failure mode means that whoever has the password alone makes its owner believe in a clone."""
    one = Authenticator(count=5)
    public_key = made(one).public_key
    with pytest.raises(NotGenuine):
        shown(Authenticator(count=1), public_key)
    one.count = 1
    assert shown(one, public_key) == 2


@pytest.mark.parametrize(
    ("kept", "told", "clone"), [(0, 0, False), (0, 1, False), (5, 6, False), (5, 5, True), (5, 4, True), (5, 0, True)]
)
def test_a_counter_that_does_not_grow_is_a_clone(kept: int, told: int, clone: bool) -> None:
    assert is_clone(kept, told) is clone


POINT = cose(ec.generate_private_key(ec.SECP256R1()))
KEYS: dict[str, Any] = {
    "an algorithm nobody asked for": cose(ec.generate_private_key(ec.SECP256R1())) | {3: -36},
    "RSA with SHA-1": cose(RSA_KEY) | {3: -65535},
    "another curve": cose(ec.generate_private_key(ec.SECP384R1())),
    "a point beside the curve": POINT | {-3: bytes(31) + b"\x01"},
    "a short RSA key": cose(RSA_KEY) | {-1: b"\x01" * 128},
    "a huge RSA key": cose(RSA_KEY) | {-1: b"\xff" * 2000},
    "a strange exponent": cose(RSA_KEY) | {-2: b"\x03"},
    "no key": {},
    "no map": [1, 2],
    "the number of an old format": 4,
    "coordinates of another type": POINT | {-2: "text", -3: 5},
    "an empty point": POINT | {-2: b"", -3: b""},
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_nobody_could_sign_in_with_is_not_kept(key: str) -> None:
    """Found out at the first sign-in it would have locked its owner out, or raised what nobody expects."""
    with pytest.raises(NotGenuine):
        made(Authenticator(public=KEYS[key]))


def test_the_id_is_the_one_in_the_authenticators_data() -> None:
    with pytest.raises(NotGenuine):
        made(Authenticator(), id=encoded(b"somebody else's passkey, 32 bytes"))


GOOD = json.loads(Authenticator().make(OPTIONS))
UNREADABLE = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "deep": '{"id":' + "[" * 7000 + "]" * 7000 + "}",
    "numbers": json.dumps(GOOD | {"id": 7}),
    "null": json.dumps(GOOD | {"clientDataJSON": None}),
    "no base64": json.dumps(GOOD | {"id": "ä b"}),
    "with padding": json.dumps(GOOD | {"id": "YQ=="}),
    "surrogates": '{"id": "\\ud800"}',
    "long": json.dumps(GOOD | {"id": "A" * 1365}),
    "many ways": json.dumps(GOOD | {"transports": ["usb"] * 21}),
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_nobody_can_read_is_no_answer(text: str) -> None:
    for read in (read_created, read_shown):
        with pytest.raises(NotGenuine):
            read(UNREADABLE[text])


BODIES = {
    "cut off": b"\xa1",
    "a tag of a huge number": b"\xc5\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
    "a pattern": b"\xd8\x23\x68(a+)+$!!",
    "no end": b"\xbf\xff",
    "claims many": b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    "claims long": b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
    "deep": b"\x81" * 4000 + b"\x01",
    "two items": cbor2.dumps({"authData": b""}) + b"\x00",
    "no data": cbor2.dumps({"fmt": "none"}),
    "data of another type": cbor2.dumps({"fmt": "none", "authData": "text"}),
    "short data": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": b"short"}),
    "a tag inside the data": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": bytes(53) + b"\x00\x00\xc5\x01"}),
    "no bytes": b"",
}


@pytest.mark.parametrize("body", BODIES)
def test_hostile_cbor_is_no_attestation(body: str) -> None:
    with pytest.raises(NotGenuine):
        made(Authenticator(), attestationObject=encoded(BODIES[body]) or "A")
    with pytest.raises(NotGenuine):
        shown(Authenticator(), made(Authenticator()).public_key, authenticatorData=encoded(BODIES[body]) or "A")


@pytest.mark.parametrize(
    "body", [b"\xff\xfe{}", b"[]", b"{}", b"[" * 3000, b'{"type": 5}', b"NaN", b'{"type"' + b" " * 9000]
)
def test_hostile_client_data_is_none(body: bytes) -> None:
    with pytest.raises(NotGenuine):
        made(Authenticator(), clientDataJSON=encoded(body))


@given(st.binary(max_size=300))
def test_no_bytes_whatever_are_a_fault_of_ours(data: bytes) -> None:
    answer = encoded(data) or "A"
    for part in ("attestationObject", "clientDataJSON"):
        with pytest.raises(NotGenuine):
            made(Authenticator(), **{part: answer})


PLAIN: st.SearchStrategy[Any] = (
    st.integers(-(2**63), 2**63) | st.binary(max_size=40) | st.text(max_size=40) | st.booleans() | st.none()
)
for _ in range(4):
    PLAIN = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.integers(0, 99), PLAIN, max_size=3)


@given(PLAIN)
def test_what_authenticators_send_passes_the_walk(value: Any) -> None:
    refuse_strange_cbor(cbor2.dumps(value))


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://lsp.contoh.test", RelyingParty("lsp.contoh.test", "https://lsp.contoh.test")),
        ("https://LSP.contoh.test:443/x?y", RelyingParty("lsp.contoh.test", "https://lsp.contoh.test")),
        ("https://lsp.contoh.test:8443", RelyingParty("lsp.contoh.test", "https://lsp.contoh.test:8443")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://localhost:80", RelyingParty("localhost", "http://localhost")),
        ("https://bücher.test", RelyingParty("xn--bcher-kva.test", "https://xn--bcher-kva.test")),
        ("http://lsp.contoh.test", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]", None),
        ("https://", None),
        ("https://lsp.contoh.test:port", None),
        ("https://" + "a" * 300, None),
        ("ftp://lsp.contoh.test", None),
    ],
)
def test_the_site_follows_from_the_public_address(address: str, site: RelyingParty | None) -> None:
    assert find_relying_party(address) == site


def test_a_browser_is_asked_for_a_finger_face_or_pin_and_for_no_certificate() -> None:
    owner = PasskeyOwner(bytes(16), "siti@contoh.test", "Siti")
    known = [KnownPasskey(encoded(b"one"), "usb,nfc"), KnownPasskey(encoded(b"two"), "")]
    asked = describe_creation(SITE, "LSP", owner, CHALLENGE, known)
    assert asked["rp"] == {"name": "LSP", "id": PARTY}
    assert asked["challenge"] == encoded(CHALLENGE)
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert [one["alg"] for one in asked["pubKeyCredParams"]] == [-7, -8, -257]
    assert [one["id"] for one in asked["excludeCredentials"]] == [encoded(b"one"), encoded(b"two")]
    wanted = describe_request(SITE, CHALLENGE, known)
    assert (wanted["rpId"], wanted["userVerification"]) == (PARTY, "required")
    assert wanted["allowCredentials"][0]["transports"] == ["usb", "nfc"]
    assert "transports" not in wanted["allowCredentials"][1]
