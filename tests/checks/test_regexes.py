"""No text of a stranger makes a regular expression take more than proportional time."""

import re

import pytest

from tests.checks.regexes import Expression, list_expressions, read_expressions, takes_more_than_its_share

EXPRESSIONS, UNKNOWN = list_expressions()


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda one: f"{one.place} {one.pattern!r}")
def test_it_takes_no_more_than_its_share(expression: Expression) -> None:
    """If this fails: cut what comes before it is matched, and let no two neighbours take the same letter."""
    assert not takes_more_than_its_share(expression)


def test_every_expression_is_known() -> None:
    """If this fails: let the pattern stand where it is used, or as a constant of the module."""
    assert UNKNOWN == []
    assert len(EXPRESSIONS) > 60


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"(a+)+b", "match"),
        (r"(a|ab|b)*c", "match"),
        (r"a*a*b", "match"),
        (r"\s*x?\s*$", "match"),
        (r'^[ "]*(?:\d[ .\-/]*){20,22}[ "]*([\t;,])', "match"),
        (r"\s+$", "search"),
        (r"\d+x", "sub"),
        (r"a(.*b)?", "sub"),
        (r"<[^>]*>", "search"),
    ],
)
def test_a_bomb_would_be_seen(pattern: str, use: str) -> None:
    assert takes_more_than_its_share(Expression("", pattern, frozenset({use})))


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"\s", "sub"),
        (r"\s+", "sub"),
        (r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', "sub"),
        (r"[a-z]+:[^\x00-\x20]+", "fullmatch"),
        (r"[a-z]+(-[a-z]+)*", "fullmatch"),
        (r"^did:web:[a-z.]+(:[a-z.]+)*$", "search"),
        (r"\{(\w{1,40})\}", "sub"),
        (r"(\d{5})(\d{4})(\d)(\d{6,8})(\d{4})", "fullmatch"),
    ],
)
def test_what_is_harmless_passes(pattern: str, use: str) -> None:
    assert not takes_more_than_its_share(Expression("", pattern, frozenset({use})))


@pytest.mark.parametrize("pattern", [r"(ab|ab)*c", r"(a)\1", r"(?=a*b)a"])
def test_what_is_not_understood_does_not_pass(pattern: str) -> None:
    with pytest.raises(NotImplementedError):
        takes_more_than_its_share(Expression("", pattern, frozenset({"match"})))


def test_expressions_are_found_however_they_are_given() -> None:
    source = """
PART = "[a-z]+"
ONE = re.compile(rf"{PART}x", re.IGNORECASE)
ONE.match("")
re.sub(r"b", "", "")
Field(pattern=PART)
re.search(made_up, "")
"""
    found, unknown = read_expressions(source, "one.py")
    assert {(one.pattern, one.uses, one.flags) for one in found} == {
        ("[a-z]+x", frozenset({"match"}), int(re.IGNORECASE)),
        ("b", frozenset({"sub"}), 0),
        ("[a-z]+", frozenset({"search"}), 0),
    }
    assert unknown == ["one.py:7"]
