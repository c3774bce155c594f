from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.credentials import Claims, LocalKey, PublicKey, compact

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80)


@given(name=TEXT, version=st.integers(1, 255), index=st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_what_was_signed_is_read_back(claims: Claims, key: LocalKey, name: str, version: int, index: int) -> None:
    told = replace(claims, holder_name=name, version=version, status_index=index)
    core = compact.read_compact(compact.qr_text(told, key))
    assert core.holds(PublicKey.from_multikey(key.id))
    assert (core.number, core.holder_name, core.scheme) == (told.number, name, told.scheme.id)
    assert (core.issued_on, core.expires_on) == (told.issued_on, told.expires_on)
    assert (core.version, core.status_index, core.short_key_id) == (version, index, key.short_id)


def test_the_same_claims_give_the_same_text(claims: Claims, key: LocalKey) -> None:
    assert compact.qr_text(claims, key) == compact.qr_text(claims, key)


def test_under_another_address_it_does_not_hold(claims: Claims, key: LocalKey) -> None:
    """A forger could else lead whoever scans to a page of his own, with a genuine signature behind the #."""
    payload = compact.sign_compact(claims, key)
    moved = compact.read_compact(f"https://lsp.palsu.test/certificate/check/abcdefghij234567klmnopqrst#{payload}")
    assert not moved.holds(PublicKey.from_multikey(key.id))


@given(st.integers(0, 10_000))
@settings(max_examples=200, deadline=None)
def test_no_changed_digit_goes_unseen(claims: Claims, key: LocalKey, place: int) -> None:
    text = compact.qr_text(claims, key)
    begin = text.index("#") + 1
    place = begin + place % (len(text) - begin)
    forged = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    try:
        core = compact.read_compact(forged)
    except ValueError:
        return
    assert not core.holds(PublicKey.from_multikey(key.id))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://lsp.contoh.test/certificate/check/x",
        "https://lsp.contoh.test/certificate/check/x#",
        "https://lsp.contoh.test/certificate/check/x#" + "1" * 149,
        "https://lsp.contoh.test/certificate/check/x#" + "9" * 300,
        "https://lsp.contoh.test/certificate/check/x#" + "9" * 5_000,
        "https://lsp.contoh.test/certificate/check/x#" + "9" * 7_000,
        "https://lsp.contoh.test/certificate/check/x#" + "٣" * 300,
        "https://lsp.contoh.test/elsewhere#" + "1" * 300,
        "javascript:alert(1)//check/x#" + "1" * 300,
    ],
)
def test_what_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        compact.read_compact(text)


def test_a_payload_that_unpacks_without_end_is_refused(claims: Claims, key: LocalKey) -> None:
    with pytest.raises(ValueError, match="cannot stand in a QR code"):
        compact.sign_compact(replace(claims, holder_name="A" * 2_000), key)
    with pytest.raises(ValueError, match="cannot stand in a QR code"):
        compact.sign_compact(replace(claims, holder_name="A\0B"), key)


@pytest.mark.parametrize(
    ("name", "scheme", "modules"),
    [
        ("SITI NURHALIZAH CONTOH", "Layanan Dasar Perpustakaan", 57),
        (
            "RADEN AJENG SITI NURHALIZAH KUSUMAWARDHANI PUTRI CONTOH",
            "Pelaksanaan Evaluasi Pengembangan Koleksi Perpustakaan",
            61,
        ),
    ],
)
def test_the_code_stays_coarse_enough_to_scan(
    claims: Claims, key: LocalKey, name: str, scheme: str, modules: int
) -> None:
    """Of level M; at 61 modules and its quiet zone each is 0.42 mm wide on 29 mm."""
    told = replace(
        claims,
        holder_name=name,
        scheme=replace(claims.scheme, id=scheme),
        check_url="https://sertifikasi.contoh.go.id/certificate/check/abcdefghij234567klmnopqrst",
    )
    code = zxingcpp.create_barcode(compact.qr_text(told, key), zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    assert code.to_image(scale=1, add_quiet_zones=False).shape[0] <= modules
