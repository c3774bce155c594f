import hashlib
import json
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.credentials import Claims, LocalKey, badge, compact, did
from shared.credentials.did import Issuer
from shared.credentials.verification import (
    MOST_BYTES,
    Check,
    Kind,
    Standing,
    StatusUnknown,
    Trust,
    Verdict,
    verify_credential,
)
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.cms import Envelope
from shared.documents.seals import pem_seal
from shared.documents.signing import Signer
from tests.clock import stopped_at
from tests.unit.credentials.sheets import sheet

GENUINE = (Check.FORMAT, Check.SIGNATURE, Check.ISSUER, Check.DATES)


@pytest.fixture
def trust(issuer: Issuer, roots: tuple[x509.Certificate, ...]) -> Trust:
    return Trust(issuer, datetime(2027, 1, 1, tzinfo=UTC), roots)


@pytest.fixture(params=list(Kind)[:3])
def each(request: pytest.FixtureRequest, pdf: bytes, credential: str, claims: Claims, key: LocalKey) -> bytes:
    """A genuine certificate in each form."""
    forms = {Kind.PDF: pdf, Kind.CREDENTIAL: credential.encode(), Kind.QR: compact.qr_text(claims, key).encode()}
    return forms[request.param]


@pytest.fixture
def stranger(tmp_path: Path, at: datetime) -> Signer:
    with stopped_at(at):
        create_demo_authority(tmp_path)
    return Signer(pem_seal(tmp_path / KEY, tmp_path / CHAIN))


def failed(verdict: Verdict) -> Check | None:
    """The one check that failed; what failed says nothing of a person."""
    found = [finding.check for finding in verdict.findings if not finding.passed]
    assert len(found) < 2
    return found[0] if found else None


def test_a_genuine_certificate_passes(each: bytes, trust: Trust, claims: Claims) -> None:
    verdict = verify_credential(each, trust)
    assert verdict.performed == GENUINE
    assert not verdict.failed
    assert verdict.facts is not None
    assert verdict.facts.holder_name == claims.holder_name
    assert verdict.facts.number == claims.number
    assert verdict.facts.check_url == claims.check_url
    assert verdict.facts.status_index == claims.status_index
    assert verdict.facts.valid_from == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert verdict.facts.valid_until == datetime(2029, 11, 21, 16, 59, 59, tzinfo=UTC)


def test_without_the_issuers_keys_nobody_is_named(each: bytes, trust: Trust) -> None:
    verdict = verify_credential(each, replace(trust, issuer=None))
    assert not verdict.failed
    assert Check.ISSUER not in verdict.performed
    assert verdict.facts is None


@pytest.mark.parametrize("standing", list(Standing))
def test_the_status_is_told_before_the_dates_where_it_is_known(each: bytes, trust: Trust, standing: Standing) -> None:
    asked = []

    def source(base: str, index: int) -> Standing:
        asked.append((base, index))
        return standing

    verdict = verify_credential(each, replace(trust, status=source))
    assert verdict.performed == tuple(Check)
    assert asked == [("https://lsp.contoh.test/certificate", 4711)]
    assert failed(verdict) == (None if standing is Standing.GOOD else Check.STATUS)
    assert verdict.genuine


def test_a_status_that_cannot_be_had_is_not_claimed(each: bytes, trust: Trust) -> None:
    def source(base: str, index: int) -> Standing:
        raise StatusUnknown("away")

    assert verify_credential(each, replace(trust, status=source)).performed == GENUINE


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (datetime(2026, 11, 20, 16, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 17, 0, 0, tzinfo=UTC), True),
        (datetime(2029, 11, 21, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2029, 11, 21, 17, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_dates_are_days_in_jakarta(each: bytes, trust: Trust, at: datetime, held: bool) -> None:
    verdict = verify_credential(each, replace(trust, at=at))
    assert failed(verdict) is (None if held else Check.DATES)
    assert verdict.genuine


def test_another_issuers_keys_vouch_for_nothing(each: bytes, trust: Trust) -> None:
    """Also when the document itself is in order: it is somebody else's."""
    other = LocalKey(Ed25519PrivateKey.generate())
    verdict = verify_credential(
        each, replace(trust, issuer=Issuer("did:web:lain.test:certificate", {other.id: other.public}, frozenset()))
    )
    assert failed(verdict) in (Check.SIGNATURE, Check.ISSUER)
    assert verdict.facts is None


def test_another_key_under_the_issuers_name_is_refused(claims: Claims, trust: Trust) -> None:
    forger = LocalKey(Ed25519PrivateKey.generate())
    forged = badge.issue_badge(claims, forger, datetime(2026, 11, 21, tzinfo=UTC)).encode()
    assert failed(verify_credential(forged, trust)) is Check.ISSUER
    assert failed(verify_credential(compact.qr_text(claims, forger).encode(), trust)) is Check.SIGNATURE


def test_a_key_of_the_issuer_used_under_another_name_is_refused(
    claims: Claims, key: LocalKey, trust: Trust, at: datetime
) -> None:
    elsewhere = replace(claims, check_url="https://palsu.test/certificate/check/abcdefghij234567klmnopqrst")
    assert failed(verify_credential(badge.issue_badge(elsewhere, key, at).encode(), trust)) is Check.ISSUER
    assert failed(verify_credential(compact.qr_text(elsewhere, key).encode(), trust)) is Check.ISSUER


def altered(credential: str, *path: str | int, to: Any) -> bytes:
    content = part = json.loads(credential)
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = to
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("credentialSubject", "licenseNumber"), "91011 2622 5 000002 2026"),
        (("credentialSubject", "identifier", 0, "identityHash"), "ORANG LAIN"),
        (("credentialSubject", "achievement", "alignment", 0, "targetCode"), "R.91PRP02.099.1"),
        (("issuer", "name"), "LSP Lain"),
        (("validUntil",), "2039-11-21T16:59:59Z"),
        (("name",), "Ijazah"),
        (("proof", "created"), "2020-01-01T00:00:00Z"),
        (("proof", "proofValue"), "z" + "1" * 88),
    ],
)
def test_an_altered_credential_is_refused(credential: str, trust: Trust, path: tuple[str | int, ...], to: Any) -> None:
    assert failed(verify_credential(altered(credential, *path, to=to), trust)) is Check.SIGNATURE


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("@context", 0), "https://palsu.test/context"),
        (("@context",), [{"@vocab": "https://palsu.test/"}]),
        (("@graph",), []),
        (("credentialSubject", "@type"), "x"),
        (("credentialSubject", "id"), "did:key:z6Mk"),
        (("credentialSubject", "identifier", 0, "hashed"), True),
        (("credentialSubject", "identifier", 0, "hashed"), 0),
        (("credentialSubject", "identifier"), []),
        (("credentialSubject", "achievement", "alignment"), []),
        (("credentialStatus",), []),
        (("credentialStatus", 0, "statusListIndex"), "5"),
        (("credentialStatus", 0, "statusListCredential"), "https://palsu.test/certificate/status/0/revocation"),
        (("issuer", "id"), "did:web:palsu.test:certificate"),
        (("id",), "https://palsu.test/certificate/check/a"),
        (("id",), "https://lsp.contoh.test/certificate/check/a> <b"),
        (("proof", "proofPurpose"), "authentication"),
        (("proof", "cryptosuite"), "eddsa-jcs-2022"),
        (("proof",), []),
        (("validFrom",), 5),
        (("name",), {"@value": "x"}),
        (("name",), "x" * 5_000),
    ],
)
def test_another_form_is_refused_before_anything_else(
    credential: str, trust: Trust, path: tuple[str | int, ...], to: Any
) -> None:
    assert failed(verify_credential(altered(credential, *path, to=to), trust)) is Check.FORMAT


def test_a_name_given_twice_is_refused(credential: str, trust: Trust) -> None:
    """Readers differ on which of the two counts."""
    twice = credential.replace('"licenseNumber":', '"licenseNumber":"91011 2622 5 000009 2026","licenseNumber":')
    assert failed(verify_credential(twice.encode(), trust)) is Check.FORMAT


def test_line_ends_and_order_do_not_matter(credential: str, trust: Trust) -> None:
    pretty = json.dumps(json.loads(credential), indent=2, sort_keys=True, ensure_ascii=True)
    assert not verify_credential(pretty.encode(), trust).failed


@pytest.mark.parametrize("data", [b"", b"halo", b"{", b"{}", b"[]", b"\xff\xfe", b"{" * 100_000, b"[" * 100_000])
def test_what_is_no_certificate_is_refused(data: bytes, trust: Trust) -> None:
    assert failed(verify_credential(data, trust)) is Check.FORMAT


def test_any_changed_byte_of_a_pdf_is_seen(pdf: bytes, trust: Trust) -> None:
    chance = random.Random(5)
    for _ in range(120):
        place, bit = chance.randrange(len(pdf)), 1 << chance.randrange(8)
        changed = bytearray(pdf)
        changed[place] ^= bit
        verdict = verify_credential(bytes(changed), trust)
        inside = re.search(rb"/Contents\s*<([0-9A-Fa-f]+)>", pdf)
        assert inside is not None
        if verdict.failed:
            assert verdict.facts is None
        else:
            # the signature's own hexadecimal letters may be small or capital, and its end is unused
            assert inside.start(1) <= place < inside.end(1)


def test_no_changed_byte_of_the_signature_does_harm(pdf: bytes, trust: Trust) -> None:
    """What a stranger puts there is decoded before anything else is known of him. Parts of it don't matter: the
    authority's certificate that comes along, say.
    """
    genuine = verify_credential(pdf, trust).facts
    chance = random.Random(7)
    place = re.search(rb"/Contents\s*<([0-9A-Fa-f]+)>", pdf)
    assert place is not None
    signature = bytes.fromhex(place[1].decode())
    for _ in range(600):
        changed = bytearray(signature)
        changed[chance.randrange(len(signature.rstrip(b"\0")))] ^= 1 << chance.randrange(8)
        data = pdf[: place.start(1)] + changed.hex().encode() + pdf[place.end(1) :]
        verdict = verify_credential(data, trust)
        assert verdict.facts == (None if verdict.failed else genuine)


def test_an_update_after_signing_is_refused(pdf: bytes, trust: Trust) -> None:
    update = b"\n99 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<</Root 99 0 R>>\nstartxref\n0\n%%EOF\n"
    assert failed(verify_credential(pdf + update, trust)) is Check.FORMAT
    assert failed(verify_credential(pdf + b"\n", trust)) is Check.FORMAT


def test_a_pdf_cut_short_is_refused(pdf: bytes, trust: Trust) -> None:
    for length in (10, len(pdf) // 2, len(pdf) - 1):
        assert failed(verify_credential(pdf[:length], trust)) is Check.FORMAT


def signed_over(pdf: bytes, envelope: Envelope, folder: Path) -> bytes:
    """`pdf` with an update that holds a signature over everything, made with the key in `folder`."""
    seal = pem_seal(folder / KEY, folder / CHAIN)
    head = b"%b\n/ByteRange [0 %06d %06d %06d] "
    first = len(head % (pdf, 0, 0, 0))
    room = 2 * envelope.size
    begin, end = head % (pdf, first, first + room + 2, 7), b"\n%%EOF\n"
    digest = hashlib.sha256(begin + end).digest()
    return begin + b"<" + envelope.sealed(digest, seal.sign_digest).hex().encode().ljust(room, b"0") + b">" + end


def test_an_update_signed_by_somebody_else_makes_the_file_somebody_elses(
    pdf: bytes, stranger: Signer, tmp_path: Path, trust: Trust
) -> None:
    assert failed(verify_credential(signed_over(pdf, Envelope(stranger.chain), tmp_path), trust)) is Check.ISSUER


def test_a_signature_that_borrows_the_issuers_certificate_is_refused(
    pdf: bytes, stranger: Signer, signer: Signer, tmp_path: Path, trust: Trust
) -> None:
    assert failed(verify_credential(signed_over(pdf, Envelope(signer.chain), tmp_path), trust)) is Check.SIGNATURE


def test_a_strangers_pdf_around_a_genuine_credential_is_refused(
    credential: str, stranger: Signer, trust: Trust, at: datetime
) -> None:
    assert failed(verify_credential(sheet(credential, stranger, at), trust)) is Check.ISSUER
    assert (
        failed(verify_credential(sheet(credential, stranger, at), replace(trust, roots=stranger.chain[-1:])))
        is Check.ISSUER
    )


def test_a_signer_known_but_not_trusted_by_the_authority_given_is_refused(
    pdf: bytes, stranger: Signer, trust: Trust
) -> None:
    assert failed(verify_credential(pdf, replace(trust, roots=stranger.chain[-1:]))) is Check.ISSUER
    assert failed(verify_credential(pdf, replace(trust, roots=()))) is None


def test_a_credential_swapped_inside_a_pdf_is_refused(
    pdf: bytes, claims: Claims, key: LocalKey, at: datetime, trust: Trust, signer: Signer
) -> None:
    """The other credential is genuine, and the signature of the first sheet is put beside it."""
    other = sheet(badge.issue_badge(replace(claims, number="91011 2622 5 000002 2026"), key, at), signer, at)
    mark = re.compile(rb"/Contents\s*<([0-9A-Fa-f]+)>")
    mine, theirs = mark.search(pdf), mark.search(other)
    assert mine is not None
    assert theirs is not None
    assert not verify_credential(other, trust).failed
    swapped = other[: theirs.start(1)] + mine[1] + other[theirs.end(1) :]
    assert failed(verify_credential(swapped, trust)) in (Check.FORMAT, Check.SIGNATURE)


@pytest.mark.parametrize("name", ["credential.json", "lain.json"])
def test_a_pdf_of_the_issuer_that_is_no_certificate_is_refused(
    signer: Signer, trust: Trust, at: datetime, name: str
) -> None:
    """A decree, say, with something else attached."""
    assert failed(verify_credential(sheet('{"surat": "keputusan"}', signer, at, name), trust)) is Check.SIGNATURE


def test_a_forged_credential_in_a_pdf_of_the_issuer_is_refused(
    claims: Claims, signer: Signer, trust: Trust, at: datetime
) -> None:
    forger = LocalKey(Ed25519PrivateKey.generate())
    assert failed(verify_credential(sheet(badge.issue_badge(claims, forger, at), signer, at), trust)) is Check.ISSUER


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n/ByteRange [0 10 20 5]",
        b"%PDF-1.7\n/ByteRange [0 0 0 31]",
        b"%PDF-1.7 <00>/ByteRange [0 9 13 31]",
        b"%PDF-" + b"\0" * (MOST_BYTES + 1),
    ],
)
def test_other_pdfs_are_refused_unread(data: bytes, trust: Trust) -> None:
    assert failed(verify_credential(data, trust)) is Check.FORMAT


@pytest.mark.parametrize("contents", [b"30", b"3080", b"3006020101020101", b"ff" * 50, b"30820000"])
def test_signatures_that_are_none_are_refused(contents: bytes, trust: Trust) -> None:
    head = b"%%PDF-1.7\n/ByteRange [0 %04d %04d %04d] "
    first = len(head % (0, 0, 0))
    second = first + len(contents) + 2
    data = head % (first, second, 3) + b"<" + contents + b">" + b"\n\n\n"
    assert failed(verify_credential(data, trust)) in (Check.FORMAT, Check.SIGNATURE)


def test_every_finding_is_said_in_both_languages(each: bytes, trust: Trust) -> None:
    for finding in verify_credential(each, replace(trust, status=lambda base, index: Standing.SUSPENDED)).findings:
        assert finding.words.id
        assert finding.words.en
        assert finding.words.id != finding.words.en


def test_old_certificates_hold_after_a_change_of_keys(each: bytes, trust: Trust, issuer: Issuer) -> None:
    newer = LocalKey(Ed25519PrivateKey.generate())
    after = did.did_document(issuer.id, [newer.id, *issuer.keys])
    keys = did.read_did_document(json.dumps(after)).keys
    assert not verify_credential(each, replace(trust, issuer=replace(issuer, keys=keys))).failed
    gone = replace(issuer, keys={newer.id: newer.public}, signers=frozenset())
    assert verify_credential(each, replace(trust, issuer=gone)).failed


def test_the_time_of_the_demo_authority_counts_when_it_signed(pdf: bytes, trust: Trust) -> None:
    """Years after its certificate ended a signer's old signatures still hold: what counts is when it signed."""
    assert not verify_credential(pdf, replace(trust, at=trust.at + timedelta(days=700))).failed
