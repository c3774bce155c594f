"""What is sealed in an event, and who can open it."""

from pathlib import Path

import pytest

from shared.contracts.registration import PasswordResetRequested, SelfAssessmentSubmitted
from shared.security.key_files import KeyMissing
from shared.security.sealing import SealBroken, open_field, seal_field
from shared.settings import settings

NOTE = "adjustment_note"


@pytest.mark.parametrize("text", ["", "kursi roda", "é" * 1000, "\x80\x00"])
def test_the_reader_opens_what_was_sealed(text: str) -> None:
    assert open_field(SelfAssessmentSubmitted, NOTE, seal_field(SelfAssessmentSubmitted, NOTE, text)) == text


def test_nobody_sees_from_outside_whether_something_was_said() -> None:
    """This failure mode means a health condition told by the length of what is encrypted."""
    sealed = [seal_field(SelfAssessmentSubmitted, NOTE, text) for text in ("", "", "kursi roda", "juru bahasa isyarat")]
    assert len({len(one) for one in sealed}) == 1
    assert len(set(sealed)) == 4


def test_what_was_sealed_for_one_field_does_not_open_in_another() -> None:
    note = seal_field(SelfAssessmentSubmitted, NOTE, "kursi roda")
    with pytest.raises(SealBroken):
        open_field(PasswordResetRequested, "link", note)


@pytest.mark.parametrize("place", [10, 30, -10])
def test_no_character_may_change(place: int) -> None:
    link = seal_field(PasswordResetRequested, "link", "https://contoh.test")
    changed = "A" if link[place] != "A" else "B"
    with pytest.raises(SealBroken):
        open_field(PasswordResetRequested, "link", link[:place] + changed + link[place:][1:])


@pytest.mark.parametrize("value", ["sealed:", "sealed:0.AAAA", "sealed:.", "sealed:é.é"])
def test_what_is_erased_or_nonsense_says_so(value: str) -> None:
    with pytest.raises(SealBroken):
        open_field(PasswordResetRequested, "link", value)


def test_what_was_told_before_fields_were_sealed_is_still_read() -> None:
    assert open_field(PasswordResetRequested, "link", "https://contoh.test") == "https://contoh.test"


def test_another_service_has_no_key_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = seal_field(PasswordResetRequested, "link", "https://contoh.test")
    own = Path(str(settings().service_key_file).replace("{service}", "decision"))
    (tmp_path / "decision.key").write_text(own.read_text())
    monkeypatch.setenv("KOMPETEN_SERVICE_KEY_FILE", f"{tmp_path}/{{service}}.key")
    settings.cache_clear()
    with pytest.raises(KeyMissing):
        open_field(PasswordResetRequested, "link", link)
    monkeypatch.setenv("KOMPETEN_SERVICE_KEY_FILE", str(own))
    settings.cache_clear()
    with pytest.raises(SealBroken):
        open_field(PasswordResetRequested, "link", link)
    settings.cache_clear()
