import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.credentials import Claims, LocalKey, Unit, Words, badge, proof
from shared.credentials.quads import canonical_quads
from tests.unit.credentials import oracle

HOSTILE = [
    '"> <x> "y" .',
    "\\",
    'A\\" .\n_:c14n0 <https://schema.org/name> "B',
    "\\u0041",
    "Ngurah\nRai\r\n\tBali",
    "<script>alert(1)</script>",
    "Nguyễn Thị 🦋 O’Neill",
    "@id",
    "https://schema.org/name",
    "  dua  spasi  ",
    "",
]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\r\t"), max_size=60)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_say_what_they_say_and_nothing_else(claims: Claims, name: str) -> None:
    content = badge.badge_document(replace(claims, holder_name=name))
    assert canonical_quads(badge.badge_statements(content)) == oracle.canonical(content)


@given(name=TEXT, title=TEXT, standard=TEXT, count=st.integers(1, 7))
@example(name="\ufeff", title="\u2028", standard="\x85", count=1)
@settings(max_examples=150, deadline=None)
def test_any_text_canonicalises_as_the_general_algorithm_does(
    claims: Claims, name: str, title: str, standard: str, count: int
) -> None:
    units = tuple(Unit(f"R.91PRP02.0{number}.1", Words(title, standard)) for number in range(count))
    content = badge.badge_document(
        replace(claims, holder_name=name, scheme=Words(title, name), standard=standard, units=units)
    )
    assert canonical_quads(badge.badge_statements(content)) == oracle.canonical(content)


@pytest.mark.parametrize("name", ["nol\0", "bel\x07", "del\x7f", "sisa\ud800", "bukan\ufffe"])
def test_control_characters_are_refused(claims: Claims, key: LocalKey, at: datetime, name: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        badge.issue_badge(replace(claims, holder_name=name), key, at)


def test_a_unit_given_twice_is_refused(claims: Claims, key: LocalKey, at: datetime) -> None:
    with pytest.raises(ValueError, match="say the same"):
        badge.issue_badge(replace(claims, units=claims.units * 2), key, at)


@pytest.mark.parametrize("address", ["https://lsp.test/check/a> <x", "https://lsp.test/check/a b", "x"])
def test_an_address_that_is_none_is_refused(claims: Claims, key: LocalKey, at: datetime, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        badge.issue_badge(replace(claims, check_url=address), key, at)


def test_the_same_claims_give_the_same_bytes(claims: Claims, key: LocalKey, at: datetime) -> None:
    assert badge.issue_badge(claims, key, at) == badge.issue_badge(claims, key, at)


def test_the_proof_holds_and_any_change_breaks_it(credential: str) -> None:
    content: dict[str, Any] = json.loads(credential)
    signed = content.pop("proof")
    assert proof.proof_holds(canonical_quads(badge.badge_statements(content)), signed)
    content["credentialSubject"]["licenseNumber"] += "1"
    assert not proof.proof_holds(canonical_quads(badge.badge_statements(content)), signed)


def test_the_time_of_signing_is_signed_too(credential: str) -> None:
    content: dict[str, Any] = json.loads(credential)
    signed = content.pop("proof")
    later = {**signed, "created": "2030-01-01T00:00:00Z"}
    assert not proof.proof_holds(canonical_quads(badge.badge_statements(content)), later)


def test_it_is_valid_from_the_first_to_the_end_of_the_last_day_in_jakarta(credential: str) -> None:
    content = json.loads(credential)
    assert content["validFrom"] == "2026-11-20T17:00:00Z"
    assert content["validUntil"] == "2029-11-21T16:59:59Z"


def test_it_says_no_more_of_the_person_than_the_name(credential: str) -> None:
    subject = json.loads(credential)["credentialSubject"]
    del subject["achievement"]
    assert subject == {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "SITI NURHALIZAH CONTOH",
                "identityType": "name",
            }
        ],
        "licenseNumber": "91011 2622 5 000001 2026",
    }
    assert not re.search(r"\d{16}", credential)


def test_the_units_are_alignments_with_the_standard(credential: str) -> None:
    units = json.loads(credential)["credentialSubject"]["achievement"]["alignment"]
    assert [unit["targetCode"] for unit in units] == ["R.91PRP02.015.1", "R.91PRP02.021.1"]
    assert {unit["targetFramework"] for unit in units} == {"Kepmenaker 236/2019"}
