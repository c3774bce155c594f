import unicodedata

import pytest

from shared.documents.glyphs import covered_characters, find_unprintable, name_characters


@pytest.mark.parametrize(
    "name", ["I GUSTI NGURAH RAI", "Şükrü O'Neill-Çelik", "Nguyễn Thị Ánh", "Nurḥayāti", "D’Artagnan", "Ẹ́nítàn"]
)
def test_names_in_latin_letters_can_be_printed(name: str) -> None:
    assert find_unprintable(name) == []
    assert find_unprintable(unicodedata.normalize("NFD", name)) == []


def test_what_cannot_be_printed_is_listed_once_in_order() -> None:
    assert find_unprintable("張A偉張\u202e") == ["張", "偉", "\u202e"]


@pytest.mark.parametrize("name", ["A\u0301\u0302\u0303\u0308", "\u0301ANI", "SITI \u0323CONTOH"])
def test_marks_piled_up_or_with_nothing_to_stand_on_cannot_be_printed(name: str) -> None:
    assert len(find_unprintable(name)) == 1


def test_extras_are_allowed_where_they_are_named() -> None:
    assert find_unprintable("a\nb") == ["\n"]
    assert find_unprintable("a\nb", also="\n") == []


def test_invisible_characters_are_told_by_their_code_alone() -> None:
    assert name_characters(["張", "\u202e", "\u0336"]) == "張 (U+5F35), U+202E, U+0336"


def test_composing_leads_to_nothing_that_is_not_covered() -> None:
    assert all(unicodedata.normalize("NFC", character) == character for character in covered_characters())
