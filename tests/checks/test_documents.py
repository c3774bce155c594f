"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

from kompeten.rules import RULES, rules_document

ROOT = Path(__file__).parents[2]
PLACE = re.compile(r"`((?:services|shared|kompeten|docs|tests|deploy)/[\w/.-]+)`")
CITED = re.compile(r"\b(?:process|domain handbook) (\d+(?:\.\d+)?)")


@pytest.mark.parametrize("document", ["README.md", "docs/glossary.md", "docs/rules.md"])
def test_every_place_that_is_named_exists(document: str) -> None:
    """If this fails after a move: name the new place; `kompeten rules` writes the rules anew."""
    named = PLACE.findall((ROOT / document).read_text())
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_every_number_the_code_cites_is_a_heading_of_the_process() -> None:
    """If this fails: the number is wrong, or `docs/process.md` lacks what it says."""
    headings = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\b", (ROOT / "docs" / "process.md").read_text(), re.MULTILINE))
    sources = [path for room in ("shared", "services", "kompeten") for path in (ROOT / room).rglob("*.py")]
    cited = {number for path in sources for number in CITED.findall(path.read_text())}
    assert cited
    assert sorted(cited - headings) == []


def test_the_committed_list_of_rules_is_up_to_date() -> None:
    """If this fails: `kompeten rules`, and look at whether a rule has lost its place."""
    assert (ROOT / "docs" / "rules.md").read_text() == rules_document(ROOT)


def test_every_rule_is_kept_somewhere_or_belongs_to_a_stage_still_to_come() -> None:
    text = (ROOT / "docs" / "rules.md").read_text()
    bare = {number for number in RULES if re.search(rf"## R{number}\n\n.+\n\n- nowhere yet", text)}
    assert bare <= {8, 24}, "R8 comes with complaints, R24 with the pledges of staff"
