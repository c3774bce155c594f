"""The demo, played through the published port while something is done to the system."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.containers.claims import Failed, hold
from tests.containers.stack import Stack

CHAPTERS = 7


def play_demo(stack: Stack, moment: str = "", then: Callable[[], None] = lambda: None) -> None:
    """Play the demo through the published port; call `then` at the first line that begins with `moment`.

    The player holds its breath meanwhile: a command that is being answered by a process that is killed gets a 502, as
    it should, because nobody can know whether it was done; a person would look and then decide, the demo cannot.
    """
    into = stack.folder / "demo"
    command = ["kompeten", "demo", "--url", stack.url, "--password", stack.demo_password(), "--into", str(into)]
    program = Path(sys.executable).with_name("kompeten")
    player = subprocess.Popen(
        [str(program), *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    )
    assert player.stdout is not None
    lines = []
    for line in player.stdout:
        lines.append(line)
        if moment and line.startswith(moment):
            moment = ""
            player.send_signal(signal.SIGSTOP)
            time.sleep(2)
            then()
            player.send_signal(signal.SIGCONT)
    if player.wait(60) or moment:
        raise Failed(f"the demo ended with {player.returncode}:\n{''.join(lines)}")
    chapters = [line for line in lines if line[:2] in {f"{number}." for number in range(1, CHAPTERS + 1)}]
    hold(len(chapters) == CHAPTERS and "left out" not in "".join(lines), f"all {CHAPTERS} chapters were played")
    hold((into / "certificate.pdf").read_bytes().startswith(b"%PDF"), "the certificate is a PDF")
