"""A resolver that is slow keeps those waiting who asked it, and nobody else.

This failure mode means a stopped container whose name the network passes on and waits for: every request stood still.
"""

import json
import subprocess
import sys
from typing import Any

import pytest


@pytest.fixture(scope="module")
def said() -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.runtime.names_process"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("asked", "answer"), [("socket", "open"), ("unknown", "gaierror")])
def test_others_go_on_while_a_name_is_looked_up(said: Any, asked: str, answer: str) -> None:
    assert said[asked]["said"] == answer
    assert said[asked]["ticks"] >= 5


def test_others_go_on_while_the_database_has_no_address(said: Any) -> None:
    assert said["database"]["ticks"] >= 5
    assert set(said["database"]["asked"]) == {"nowhere.contoh"}
    assert "nowhere.contoh" in said["database"]["said"]


def test_an_address_needs_nobody(said: Any) -> None:
    assert (said["address"]["said"], said["address"]["asked"]) == ("open", [])


def test_one_look_up_serves_all_who_wait_for_a_name(said: Any) -> None:
    assert said["together"] == {"answers": 30, "asked": ["here.contoh"]}


def test_who_is_called_off_takes_the_answer_from_nobody(said: Any) -> None:
    assert said["called off"]
    assert said["together"]["answers"] == 30
