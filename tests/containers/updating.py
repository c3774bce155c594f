"""An update, the way back, and updates that fail, while people work: nobody notices."""

import subprocess
import time

import click

from kompeten.services import NAMES
from tests.containers.claims import Failed, hold, timed
from tests.containers.counting import check_finished
from tests.containers.load import Load
from tests.containers.stack import IMAGE, REVISION, Stack
from tests.servers.processes import ServerFailed

NEXT = "1" * 12
SETTLE_SECONDS = 3.0
BROKEN = """\
FROM {image}
ENTRYPOINT ["sh", "-c", "case $1 in {works}) exec kompeten \\"$@\\" ;; *) sleep 1; exit 1 ;; esac", "sh"]
"""


def measure_update(stack: Stack) -> int:
    """Update and go back under load. How many requests failed meanwhile."""
    start_from_first(stack)
    with Load(stack) as load:
        time.sleep(SETTLE_SECONDS)
        timed("updated to another image", lambda: click.echo(_indented(stack.update(revision=NEXT))))
        hold(_versions(stack) == {NEXT}, "every service tells the new version")
        time.sleep(SETTLE_SECONDS)
        timed("and back", lambda: click.echo(_indented(stack.update("--back"))))
        hold(_versions(stack) == {REVISION}, "every service tells the version of before")
        time.sleep(SETTLE_SECONDS)
    load.show()
    check_finished(stack)
    load.check_written()
    return load.errors


def prove_update(stack: Stack) -> None:
    """No read and no write fails, nothing is lost; what cannot be updated to is refused and changes nothing."""
    hold(measure_update(stack) == 0, "no request failed")
    for fault, works, says in (
        ("cannot migrate", "--version|keys", "migrate failed: nothing was replaced"),
        ("does not become ready", "--version|keys|migrate", "did not become ready and goes on as it was"),
    ):
        _make_broken(stack, works)
        before = {container["Id"] for service in NAMES for container in stack.containers(service)}
        with Load(stack) as load:
            said = _refused(stack)
        load.show()
        hold(says in said, f"an image that {fault}: {says}")
        after = {container["Id"] for service in NAMES for container in stack.containers(service)}
        hold(before == after and not load.errors, "the containers of before go on, and no request failed")
        stack.set_image(f"{IMAGE}:{stack.version}-{REVISION}")
    check_finished(stack)


def prove_kills(stack: Stack) -> None:
    """One of two replicas killed under load: what is read and what carries a key is answered by the other."""
    for service in ("registration", "assessment"):
        with Load(stack) as load:
            time.sleep(SETTLE_SECONDS)
            stack.crash(stack.containers(service)[0]["Id"])
            time.sleep(12)
        click.echo(f"  one of two {service} killed:")
        load.show()
        hold(not load.reads.failures, "no read failed")
        load.check_written()
    stack.scale("assessment", 1)
    with Load(stack) as load:
        time.sleep(SETTLE_SECONDS)
        stack.crash(stack.containers("assessment")[0]["Id"])
        time.sleep(12)
    click.echo("  the only assessment killed:")
    load.show()
    load.check_written()
    stack.scale("assessment", 2)
    check_finished(stack)


def start_from_first(stack: Stack) -> None:
    """Let the first image run, whatever an earlier run has left."""
    if _versions(stack) != {REVISION}:
        stack.set_image(f"{IMAGE}:{stack.version}-{REVISION}")
        stack.up()


def _versions(stack: Stack) -> set[str]:
    """The commits that the replicas say they are of."""
    lines = stack.status().splitlines()
    told = [line.split("\t")[1] for line in lines if line.partition("\t")[0] in NAMES]
    if len(told) < 2 * len(NAMES):
        raise Failed(f"{len(told)} replicas have answered: {lines}")
    return {version.partition("+")[2] for version in told}


def _make_broken(stack: Stack, works: str) -> None:
    """An image that can do no more than `works` names."""
    text = BROKEN.format(image=f"{IMAGE}:{stack.version}-{REVISION}", works=works)
    for name in (f"{IMAGE}:broken", f"{IMAGE}:broken-backup"):
        subprocess.run(
            ["docker", "build", "-q", "-t", name, "-"], input=text, text=True, check=True, stdout=subprocess.DEVNULL
        )


def _refused(stack: Stack) -> str:
    try:
        stack.update("--image", f"{IMAGE}:broken")
    except ServerFailed as failure:
        return str(failure)
    raise Failed("an update to a broken image was called a success")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
