"""Nothing slow happens while a transaction is open: a connection held for it is one that others wait for."""

from pathlib import Path

import pytest

from tests.checks import slow_work
from tests.checks.slow_work import list_slow_calls


def test_no_transaction_is_held_for_rendering_hashing_storing_or_mailing() -> None:
    """If this fails: read what is needed, close the transaction, do the slow work, then write in another one."""
    assert [str(call) for call in list_slow_calls()] == []


def test_no_transaction_opens_another() -> None:
    """One that holds a connection and waits for a second one may wait for others who do the same."""
    assert [str(call) for call in list_slow_calls(frozenset({"unit_of_work"}))] == []


@pytest.mark.parametrize("call", ["offload(compute)", "module.render_pdf()", "prepare_it()", "_own()"])
def test_a_slow_call_would_be_found(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "services"
    folder.mkdir()
    (folder / "one.py").write_text("def prepare_it():\n    return offload(str)\n")
    used = f"def view_it():\n    with database.unit_of_work() as session:\n        {call}\n"
    (folder / "two.py").write_text(f"def _own():\n    return one.prepare_it()\n\n{used}")
    monkeypatch.setattr(slow_work, "ROOT", tmp_path)
    assert len(list_slow_calls()) == 1
