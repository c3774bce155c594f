"""Pasted text is read as it was meant, and nothing that can be seen is lost."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import real_now
from shared.mail.port import Mail
from shared.pasted_text import remove_grouping, tidy_code, tidy_line, tidy_text
from shared.persons import check_person_name, check_phone, fold_typed_email, is_same_name, normalise_email

PASTED_NAMES = {
    "Sa\u2018diyah": "Sa'diyah",
    "Sa`diyah": "Sa'diyah",
    "Sa\u00b4diyah": "Sa'diyah",
    "Rai\u2013Rai": "Rai-Rai",
    "Rai\u2011Rai": "Rai-Rai",
    "Siti\u200bAminah": "SitiAminah",
    "Siti Aminah\u202c": "Siti Aminah",
    "\ufeffSiti Aminah": "Siti Aminah",
    "\u202bSiti\u00a0Aminah\u200f": "Siti Aminah",
    "Si\u00adti\tAminah": "Siti Aminah",
    "Ｓｉｔｉ Aminah": "Siti Aminah",
    "Sari\u0301": "Sar\u00ed",
    "Ra\ufb01 Aminah": "Rafi Aminah",
}


@pytest.mark.parametrize(("pasted", "meant"), PASTED_NAMES.items())
def test_a_pasted_name_is_the_one_that_was_meant(pasted: str, meant: str) -> None:
    assert check_person_name(pasted) == meant
    assert is_same_name(pasted, meant)


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("１２３　４５６", "123 456"),
        ("\u0661\u0662\u06f3\u0967", "1231"),
        ("a\u2014b\u2212c", "a-b-c"),
        ("1\ufe0f\u20e32\ufe0f\u20e3", "12"),
        ("\u212aode", "Kode"),
        ("\U0001d7d9\U0001d7da", "12"),
        ("  \u2066x\u2069 ", "x"),
        ("a\r\n b", "a b"),
    ],
)
def test_a_code_is_read_in_plain_signs(pasted: str, meant: str) -> None:
    assert tidy_code(pasted) == meant
    assert remove_grouping(f"[{pasted}]") == remove_grouping(meant)


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("satu\r\ndua\rtiga\u2028empat", "satu\ndua\ntiga\nempat"),
        ("di\u200b sini \u2013 \u201cya\u201d\u202c", "di sini \u2013 \u201cya\u201d"),
        ("a\u00a0b\u3000c", "a b c"),
        ("bel\x07\x1b", "bel"),
        ("Sari\u0301", "Sar\u00ed"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("tab\tdan\nbaris", "tab\tdan\nbaris"),
    ],
)
def test_free_text_keeps_all_that_is_seen(pasted: str, meant: str) -> None:
    assert tidy_text(pasted) == meant


@given(st.text())
def test_what_was_put_in_order_stays_as_it_is(text: str) -> None:
    for tidy in (tidy_text, tidy_line, tidy_code):
        assert tidy(tidy(text)) == tidy(text)


@given(st.binary(max_size=80))
def test_what_programs_write_is_not_touched(data: bytes) -> None:
    for text in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode(), data.hex()):
        assert tidy_text(text) == tidy_code(text) == text
    said = json.dumps({"signed": data.hex()})
    assert tidy_text(said) == said


@pytest.mark.parametrize(
    "typed",
    [
        "a@b\u00fccher.example",
        "A@B\u00dcCHER.EXAMPLE",
        "a@xn--bcher-kva.example",
        "a@bu\u0308cher.example",
        "\u200ba@b\u00fccher.example.",
        "<a@b\u00fccher.example>",
        "mailto:a@b\u00fccher.example",
        "\uff41\uff20b\u00fccher\u3002example",
    ],
)
def test_an_international_address_has_one_form(typed: str) -> None:
    assert normalise_email(typed) == fold_typed_email(typed) == "a@xn--bcher-kva.example"


def test_a_mail_to_an_international_domain_has_a_valid_header() -> None:
    mail = Mail("a@b\u00fccher.example", "Siti Contoh", "Contoh", "Contoh.", "1@contoh.test", real_now())
    header = bytes(mail.as_message("LSP <lsp@contoh.test>")).partition(b"\n\n")[0]
    assert b"To: Siti Contoh <a@xn--bcher-kva.example>" in header
    assert header.isascii()


@pytest.mark.parametrize("typed", ["\uff10\uff18\uff11\uff12\u20130000\u20110001", "\u202d0812-0000-0001\u202c"])
def test_a_telephone_number_is_read_however_it_was_pasted(typed: str) -> None:
    assert check_phone(typed) == "0812-0000-0001"
