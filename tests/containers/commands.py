"""The commands that docs/operations/ names, as an operator types them."""

import json
import re
import time

from kompeten.services import NAMES
from tests.containers.claims import hold
from tests.containers.stack import Stack

AILMENT = re.compile(r"[a-z]+/[a-z-]+")
"""How a line of `status` begins that names what is wrong: service and kind."""
OF_THE_MACHINE = re.compile(r"backup/|[a-z]+/loop-late")
"""What says nothing about the stack: a first backup that has not been made yet, a machine busy with other things."""


def check_commands(stack: Stack) -> None:
    """`status`, `operator` (letters, logs) and `watch` know of every service."""
    said = wait_until_well(stack)
    missing = [name for name in NAMES if name not in said]
    wrong = list_ailments(said)
    hold(not wrong and not missing, f"status: all well, of every service {wrong or missing or ''}")
    letters = stack.compose("run", "--rm", "operator", "dead-letters", "list")
    hold("Traceback" not in letters, f"operator dead-letters list: {letters.strip().splitlines()[-1]}")
    logs = stack.compose("run", "--rm", "-T", "operator", "verify-log").splitlines()
    verified = [line for line in logs if ": 0 wrong" in line]
    hold(len(verified) == len(NAMES), f"operator verify-log: nothing was altered in {len(verified)} logs")
    noted = json.loads(stack.compose("exec", "-T", "watch", "cat", "/var/lib/kompeten/mail/alarms.json"))
    told = [key for key, trouble in noted.items() if trouble["told_at"]]
    hold(not told, f"watch has asked every service and has nothing to tell {told or ''}")
    password = (stack.folder / "deploy" / "secrets" / "limits_password").read_text().strip()
    hold(password not in stack.compose("top", "limits"), "the password of the limits is in no list of processes")


def wait_until_well(stack: Stack, seconds: float = 90) -> str:
    """What `status` says once all is well, or at last: a machine that starts everything at once is late for a while."""
    end = time.monotonic() + seconds
    while list_ailments(said := stack.status()) and time.monotonic() < end:
        time.sleep(5)
    return said


def list_ailments(said: str) -> list[str]:
    """What `status` names as wrong with the stack."""
    if not said.strip():
        return ["no answer"]
    return [line for line in said.splitlines() if AILMENT.match(line) and not OF_THE_MACHINE.match(line)]
