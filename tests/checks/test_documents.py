"""What the documents point at is there."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kompeten.rules import RULES, find_tries, rules_document

ROOT = Path(__file__).parents[2]
PLACE = re.compile(r"`((?:services|shared|kompeten|docs|tests|deploy)/[\w/.-]+)`")
LINK = re.compile(r"\]\((?!https?://)([^)\s]+)\)")
CITED = re.compile(r"\b(?:process|domain handbook) (\d+(?:\.\d+)?)")
DECISION = re.compile(r"\bdecisions? (\d+)\b")
ELSEWHERE = re.compile(r"\barchitecture \d+|(?<!domain )\bhandbook \d+")


def sources() -> list[str]:
    """The text of all code and settings."""
    files = [path for room in ("shared", "services", "kompeten") for path in sorted((ROOT / room).rglob("*.*"))]
    return [path.read_text() for path in files if path.suffix in {".py", ".yaml"}]


DOCUMENTS = ["README.md", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md")))]
MADE_LATER = ("deploy/secrets", "deploy/data/")
"""What operators have and the repository has not."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_that_is_named_exists(document: str) -> None:
    """If this fails after a move: name the new place; `kompeten rules` writes the rules anew."""
    named = PLACE.findall((ROOT / document).read_text())
    assert [place for place in named if not place.startswith(MADE_LATER) and not (ROOT / place).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_page_and_a_heading(document: str) -> None:
    """If this fails: the page or the heading has another name now."""
    page = ROOT / document
    for link in LINK.findall(page.read_text()):
        file, _, heading = link.partition("#")
        to = (page.parent / file).resolve() if file else page
        assert to.exists(), link
        if heading:
            assert heading in headings_of(to), link


def headings_of(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_number_the_code_cites_is_a_heading_of_the_process() -> None:
    """If this fails: the number is wrong, or `docs/process.md` lacks what it says."""
    headings = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\b", (ROOT / "docs" / "process.md").read_text(), re.MULTILINE))
    cited = {number for text in sources() for number in CITED.findall(text)}
    assert cited
    assert sorted(cited - headings) == []


def test_every_decision_the_code_cites_is_there() -> None:
    """If this fails: cite it as `decision 31`, the number its file in `docs/decisions` begins with."""
    there = {path.name[:4].lstrip("0") for path in (ROOT / "docs" / "decisions").glob("*.md")}
    cited = {number for text in sources() for number in DECISION.findall(text)}
    assert cited
    assert sorted(cited - there) == []


def test_no_two_decisions_have_one_number() -> None:
    """If this fails: two were written at the same time; give one of them the next free number."""
    numbers = Counter(path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [number for number, times in numbers.items() if times > 1] == []


def test_the_code_cites_nothing_that_is_not_in_the_repository() -> None:
    """If this fails: cite `domain handbook N`, a decision or a page of `docs`."""
    assert [found for text in sources() for found in ELSEWHERE.findall(text)] == []


def test_the_committed_list_of_rules_is_up_to_date() -> None:
    """If this fails: `kompeten rules`, and look at whether a rule has lost its place."""
    assert (ROOT / "docs" / "rules.md").read_text() == rules_document(ROOT)


def test_every_rule_is_kept_somewhere_or_belongs_to_a_stage_still_to_come() -> None:
    text = (ROOT / "docs" / "rules.md").read_text()
    bare = {number for number in RULES if re.search(rf"## R{number}\n\n.+\n\n- nowhere yet", text)}
    assert bare <= {8, 24}, "R8 comes with complaints, R24 with the pledges of staff"


NOT_YET = {24}
"""R24 comes with the pledges of staff: until then there is nothing that a test could try."""


def test_every_rule_is_tried_by_tests_of_its_own() -> None:
    """If this fails: write `tests/rules/test_rNN_*.py`, at least two tests whose names say how the rule is attacked."""
    tried = {number for number in RULES if sum(map(len, find_tries(ROOT, number).values())) >= 2}
    assert set(RULES) - tried == NOT_YET
