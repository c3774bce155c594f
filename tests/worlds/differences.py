"""What one person was answered differently in two systems, in words."""

from difflib import unified_diff

from tests.worlds.crawl import Journey

MOST = 12
LINES = 8


def compare(one: str, first: Journey, other: str, second: Journey) -> list[str]:
    """Each difference with the person, the page and the lines; none when not one byte differs."""
    told = [
        _describe(first.visitor.name, address, first.answers.get(address), second.answers.get(address))
        for address in dict.fromkeys((*first.answers, *second.answers))
        if first.answers.get(address) != second.answers.get(address)
    ]
    if not told and list(first.answers) != list(second.answers):
        told = ["the same was asked in another order"]
    more = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
    return [f"{one} / {other}: {line}" for line in (*told[:MOST], *more)]


def _describe(who: str, address: str, before: str | None, after: str | None) -> str:
    if before is None or after is None:
        return f"{who} is led to {address} in one of them only"
    changed = [
        line
        for line in unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return f"{who}: {address}: {' | '.join(line[:300] for line in changed[:LINES])}"
